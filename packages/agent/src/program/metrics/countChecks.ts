import type { AgentPorts, Metrics } from '../../index.ts';

/** Counts each check that was made, and how long it took. */
export function countChecks(metrics: Metrics): NonNullable<AgentPorts['onCheck']> {
  return ({ resource: { type }, action, finding, tookMs }) => {
    metrics.count('holdfast_checks_total', { type, action, finding });
    metrics.observe('holdfast_check_duration_seconds', { type, action }, tookMs);
  };
}
