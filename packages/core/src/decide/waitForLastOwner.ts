import { type Reason, reason } from '../plan/plan.ts';
import type { NamedHierarchy } from './eligible.ts';
import type { Worksheet } from './worksheet.ts';

/**
 * When a whole site starts, its nodes come one after the other, and each hierarchy belongs where it was: a node that has
 * just booted waits a set time for the last owner, unless it has seen that one alive since, or somebody asked for a node.
 * A node that was there all the time knows better, and waits for nothing.
 */
export function waitForLastOwner(
  { configuration, view }: Worksheet,
  { id, hierarchy }: NamedHierarchy,
): Readonly<{ because: Reason; leftMs: number }> | undefined {
  const { bootedForMs, node } = view;
  const claim = view.claims[id];
  if (bootedForMs === undefined || claim === undefined || claim.node === node) return undefined;
  if (view.requests?.[id] !== undefined || !hierarchy.nodes.some((one) => one.node === claim.node))
    return undefined;
  const { alive, wasSeen } = view.nodes[claim.node] ?? {};
  if (alive === 'yes' || wasSeen === true) return undefined;
  const wait = Math.max(...hierarchy.tags.map((tag) => configuration.resources.get(tag)!.policy.start.wait));
  if (bootedForMs >= wait) return undefined;
  const says = `${claim.node} had it last, and ${node} has just booted: it is waited for, ${Math.ceil(wait / 1_000)} s in all`;
  return { because: reason('waits-for', says), leftMs: wait - bootedForMs };
}
