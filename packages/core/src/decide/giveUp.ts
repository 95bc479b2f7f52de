import type { ReasonCode } from '../plan/plan.ts';
import type { HierarchyId, Tag } from '../vocabulary.ts';
import { failureOn, type NamedHierarchy, nextNode } from './eligible.ts';
import type { HierarchyFailure } from './view.ts';
import { whyWorseToLeave } from './whyWorseToLeave.ts';
import type { Worksheet } from './worksheet.ts';

/** A hierarchy that leaves a node because something of it cannot be repaired there, and what is to be remembered. */
export type GivenUp = Readonly<{ id: HierarchyId; failure: HierarchyFailure }>;

const spentHere: readonly ReasonCode[] = ['failed-and-spent', 'recovery-spent', 'recovery-disabled'];

/**
 * Whether the hierarchy is to leave this node: something that is wanted failed, is not to be repaired here again, its
 * policy allows a failover, and a node is there that may take it. That is written down before anything is taken down, so
 * that the hierarchy does not come back at once.
 */
export function giveUp(sheet: Worksheet, named: NamedHierarchy): GivenUp | undefined {
  const { view } = sheet;
  const tag = named.hierarchy.tags.find((one) => isSpent(sheet, one));
  if (tag === undefined || failureOn(named.id, view.node, view) !== undefined) return undefined;
  if (nextNode(named, view) === undefined) return undefined;
  if (whyWorseToLeave(sheet, named.hierarchy.tags) !== undefined) return undefined;
  const { forget } = sheet.configuration.resources.get(tag)!.policy.failover;
  const evidence = sheet.recordOf(tag).failure?.evidence ?? sheet.recordOf(tag).reason;
  return { id: named.id, failure: { tag, evidence, at: view.now, until: view.now + forget } };
}

/**
 * When to look again at what is spent here and has nowhere to go: a failure that keeps a node from taking it is forgotten
 * at a set time, and nothing else tells of that.
 */
export function forgottenInMs(sheet: Worksheet, named: NamedHierarchy): number | undefined {
  const { view } = sheet;
  if (!named.hierarchy.tags.some((tag) => isSpent(sheet, tag))) return undefined;
  const ends = named.hierarchy.nodes.flatMap(({ node }) => failureOn(named.id, node, view)?.until ?? []);
  return ends.length === 0 ? undefined : Math.min(...ends) - view.now;
}

function isSpent({ configuration, blocked, recordOf }: Worksheet, tag: Tag): boolean {
  const because = blocked.get(tag);
  if (because === undefined || !spentHere.includes(because.code)) return false;
  // What would not go must not be started elsewhere.
  if (recordOf(tag).failure?.kind === 'remove') return false;
  return configuration.resources.get(tag)!.policy.failover.enabled;
}
