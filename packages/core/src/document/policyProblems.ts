import { sayDuration } from '../duration.ts';
import type { WrittenPolicy } from '../policy.ts';
import { resolvePolicy } from '../policy.ts';
import type { Problem } from '../problem.ts';
import type { Action } from '../vocabulary.ts';

/** A policy of one level, with the levels above it and what the level is about. */
export type PolicyLevel = Readonly<{
  path: string;
  written: WrittenPolicy | undefined;
  above: readonly (WrittenPolicy | undefined)[];
  /** How many nodes the resource or hierarchy may run on; undefined for the policy of all. */
  nodesAllowed?: number;
  /** What the kit can do; undefined where the policy is for more than one type. */
  actions?: readonly Action[];
}>;

/** What is written on this level and can never act, given everything above it. */
export function policyProblems({ path, written, above, nodesAllowed, actions }: PolicyLevel): Problem[] {
  if (written === undefined) return [];
  const policy = resolvePolicy(...above, written);
  const { attempts, enabled, within } = policy.localRecovery;
  const problems: Problem[] = [];
  const never = (part: string, what: string, why: string, todo: string) =>
    problems.push({ code: 'POLICY_NEVER_ACTS', path: `${path}.${part}`, what, why, todo });

  if (written.localRecovery !== undefined && enabled && attempts === 0) {
    never(
      'localRecovery.attempts',
      'Local recovery is enabled with no attempts',
      'attempts is 0',
      'set enabled: false, or attempts to 1 or more',
    );
  }
  if (written.localRecovery !== undefined && enabled && attempts > 0 && within === 0) {
    never(
      'localRecovery.within',
      'The limit of local recovery never counts anything',
      'within is 0',
      'set within to the period that counts, such as 30m',
    );
  }
  if (policy.notificationOnly) {
    for (const part of ['localRecovery', 'failover'] as const) {
      if (written[part]?.enabled !== true) continue;
      never(
        `${part}.enabled`,
        `${part} is enabled where failures are only reported`,
        'notificationOnly is true',
        'choose one of the two',
      );
    }
  }
  if (written.failover?.enabled === true && nodesAllowed === 1) {
    never(
      'failover.enabled',
      'Failover is enabled with nowhere to go',
      'only one node may run it',
      'add a node, or leave failover out',
    );
  }
  if (written.removeFails === 'fenceSelf' && nodesAllowed === 1) {
    never(
      'removeFails',
      'A node would be taken down for something that can come up nowhere else',
      'only one node may run it',
      'add a node, or leave removeFails out',
    );
  }
  if (written.preflight?.every !== undefined && policy.preflight.every < 1_000) {
    never(
      'preflight.every',
      `A preflight every ${sayDuration(policy.preflight.every)} would leave no time for anything else`,
      'the shortest interval is 1s',
      'set every to 1s or more',
    );
  }
  if (written.failover?.forget === 0) {
    never(
      'failover.forget',
      'A failure is forgotten at once, so two bad nodes would play ping-pong',
      'forget is 0',
      'set forget to a period such as 10m',
    );
  }
  if (written.deepCheck !== undefined && actions !== undefined && !actions.includes('deepCheck')) {
    never(
      'deepCheck',
      'A deep check is configured and there is none',
      'the kit of this type has no deepCheck',
      'take deepCheck out',
    );
  }
  for (const check of ['quickCheck', 'deepCheck'] as const) {
    if (written[check]?.every !== undefined && policy[check].every < 100) {
      never(
        `${check}.every`,
        `${check} every ${sayDuration(policy[check].every)} would leave no time for anything else`,
        'the shortest interval is 100ms',
        'set every to 100ms or more',
      );
    }
  }
  return problems;
}
