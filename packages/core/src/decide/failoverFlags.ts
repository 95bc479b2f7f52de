import type { NodeName } from '../vocabulary.ts';
import type { View } from './view.ts';

/*
 * LifeKeeper's flags that say who may take over from whom. Each is left on the node that would act, or, `block_failover`,
 * on the node where something failed. They bind the engine, and not an operator who asks for a node.
 */

/** A failure of a resource on the node that holds it moves nothing. */
export const blockFailover = 'block_failover';
/** Nothing of that node comes to the one that holds it by itself. Its agent takes it away when that node comes back. */
export const noFailoverPrefix = '!nofailover!';
/** When that node dies, the one that holds it asks a person before it takes over. */
export const confirmFailoverPrefix = 'confirmso!';

const has = ({ flags }: View, node: NodeName, flag: string): boolean =>
  flags?.[node]?.includes(flag) === true;

/** Why a hierarchy does not go from one node to another by itself; undefined when it may. */
export function whyNoFailover(
  view: View,
  { from, to }: { from: NodeName; to: NodeName },
): string | undefined {
  if (from !== to && has(view, to, `${noFailoverPrefix}${from}`))
    return `failover from ${from} to ${to} is blocked by the flag ${noFailoverPrefix}${from} on ${to}`;
  return undefined;
}

/** Why failures of resources move nothing away from a node. */
export function whyNoLeaving(view: View, from: NodeName): string | undefined {
  return has(view, from, blockFailover)
    ? `failover of resources from ${from} is blocked by the flag ${blockFailover}`
    : undefined;
}

/** Whether a person has to say that the one takes over from the other, which is down. */
export function asksFirst(view: View, { from, to }: { from: NodeName; to: NodeName }): boolean {
  return from !== to && has(view, to, `${confirmFailoverPrefix}${from}`);
}
