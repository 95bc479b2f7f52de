import type { NodeName, Resource } from '@holdfast/core';
import { withinBudget } from '@holdfast/engine';
import type { Readiness } from '@holdfast/kit';
import type { AgentPorts } from './ports.ts';

/** A preflight looks at programs, devices and ports; it has this long. */
export const preflightBudgetMs = 30_000;

/** `none`: the kit has no preflight. `no-answer`: it threw, or was not over in time. */
export type Preflight =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'no-answer' }>
  | Readonly<{ kind: 'answer'; readiness: Readiness; tookMs: number }>;

/** Asks the kit of a resource whether this node could run it. */
export async function askPreflight(
  ports: AgentPorts,
  resource: Pick<Resource, 'tag' | 'type' | 'settings'>,
  { epoch = 0, args = [] }: Readonly<{ epoch?: number; args?: readonly string[] }> = {},
): Promise<Preflight> {
  const { tag, type, settings } = resource;
  const { preflight } = ports.kits;
  if (preflight === undefined) return { kind: 'none' };
  const node: NodeName = ports.identity.node;
  const begunAt = ports.clock.now();
  const call = { tag, type, settings: settings[node] ?? {}, epoch, args, budgetMs: preflightBudgetMs };
  const limits = { clock: ports.clock, budgetMs: preflightBudgetMs, outer: new AbortController().signal };
  const timed = await withinBudget(limits, (signal) => preflight(call, signal));
  if (timed.ended === 'threw' || timed.ended === 'abandoned') return { kind: 'no-answer' };
  if (timed.value === undefined) return { kind: 'none' };
  return { kind: 'answer', readiness: timed.value, tookMs: ports.clock.now() - begunAt };
}
