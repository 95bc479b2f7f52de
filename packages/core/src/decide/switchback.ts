import { isInService, type NodeName } from '../vocabulary.ts';
import { type NamedHierarchy, whyNotEligible } from './eligible.ts';
import { whyNoFailover } from './failoverFlags.ts';
import type { View } from './view.ts';
import { whyWorseToLeave } from './whyWorseToLeave.ts';
import type { Worksheet } from './worksheet.ts';

/** A better node came back: it is asked for at once, or when it has been there for long enough. */
export type Switchback = Readonly<{ to: NodeName; says: string } | { inMs: number }>;

/**
 * Whether a hierarchy whose switchback is AUTOMATIC is to go back to a better node. Only to one that joined after this
 * node took the hierarchy, so a failure there sends it back no more than once; not where an operator put it here; not
 * while anything of it is under repair; and not before that node was alive for the policy's time and is known to be
 * ready. What follows is a request like an operator's.
 */
export function switchback(sheet: Worksheet, named: NamedHierarchy): Switchback | undefined {
  const { configuration, view, choices, stateOf, intentOf } = sheet;
  const { id, hierarchy } = named;
  const { node: here } = view;
  if (hierarchy.switchback !== 'AUTOMATIC' || view.requests?.[id] !== undefined) return undefined;
  if (view.placed?.[id] === here || !hierarchy.nodes.some(({ node }) => node === here)) return undefined;
  const isSettled = hierarchy.tags.every(
    (tag) => !choices.has(tag) && (intentOf(tag).want === 'outOfService' || isInService(stateOf(tag))),
  );
  if (!isSettled || whyWorseToLeave(sheet, hierarchy.tags) !== undefined) return undefined;
  const better = hierarchy.nodes.slice(
    0,
    hierarchy.nodes.findIndex(({ node }) => node === here),
  );
  const to = better.map(({ node }) => node).find((node) => mayGoBack(sheet, named, node));
  if (to === undefined) return undefined;
  const after = Math.max(
    ...hierarchy.tags.map((tag) => configuration.resources.get(tag)!.policy.switchback.after),
  );
  const aliveFor = view.nodes[to]?.aliveForMs ?? 0;
  if (aliveFor < after) return { inMs: after - aliveFor };
  return { to, says: `${to} is back, and switchback is AUTOMATIC` };
}

function mayGoBack({ configuration, view }: Worksheet, named: NamedHierarchy, to: NodeName): boolean {
  if (whyNotEligible(named, to, view) !== undefined) return false;
  if (whyNoFailover(view, { from: view.node, to }) !== undefined) return false;
  return hasReturned(view, named, to) && named.hierarchy.tags.every((tag) => isKnownReady(tag));

  function isKnownReady(tag: (typeof named.hierarchy.tags)[number]): boolean {
    const { actions, policy } = configuration.resources.get(tag)!;
    if (!actions.includes('preflight') || !policy.preflight.enabled) return true;
    return view.readiness?.[to]?.[tag]?.ready === true;
  }
}

function hasReturned({ nodes, takenAt }: View, { id }: NamedHierarchy, node: NodeName): boolean {
  const joinedAt = nodes[node]?.joinedAt;
  const since = takenAt?.[id];
  return joinedAt !== undefined && since !== undefined && joinedAt > since;
}
