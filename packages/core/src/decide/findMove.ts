import { type Reason, reason } from '../plan/plan.ts';
import { isInService, type NodeName, type Tag } from '../vocabulary.ts';
import { eligibleNodes, failureOn, type NamedHierarchy, whyNotEligible } from './eligible.ts';
import { childrenFirst, pauseOf, sayPause, type Worksheet } from './worksheet.ts';

export type Move =
  | Readonly<{ kind: 'stay' }>
  | Readonly<{ kind: 'go'; to: NodeName; because: Reason }>
  /** It was to go, and stays, because that would be worse. */
  | Readonly<{ kind: 'refused'; because: Reason }>;

/**
 * Whether a hierarchy that this node has the claim of is to go to another: because that node was asked for, or because it
 * failed here for good. What is in service, and would not come into service there, keeps it here.
 */
export function findMove(sheet: Worksheet, named: NamedHierarchy): Move {
  const { view } = sheet;
  const asked = view.requests?.[named.id];
  if (asked !== undefined && asked !== view.node) {
    const why = whyNotEligible(named, asked, view);
    const says = `asked for on ${asked}`;
    if (why !== undefined)
      return { kind: 'refused', because: reason('request-refused', `${says}, but ${why}`) };
    return unlessWorse(sheet, named, { to: asked, says });
  }
  const failed = failureOn(named.id, view.node, view);
  if (failed === undefined) return { kind: 'stay' };
  const next = eligibleNodes(named, view).find((node) => node !== view.node);
  if (next === undefined) return { kind: 'stay' };
  return unlessWorse(sheet, named, { to: next, says: `${failed.tag} failed here: ${failed.evidence}` });
}

function unlessWorse(
  sheet: Worksheet,
  named: NamedHierarchy,
  { to, says }: { to: NodeName; says: string },
): Move {
  const lost = wouldBeLost(sheet, named.hierarchy.tags);
  if (lost !== undefined)
    return { kind: 'refused', because: reason('request-refused', `${says}, but ${lost}`) };
  return { kind: 'go', to, because: reason('moves', `moves to ${to}: ${says}`) };
}

/** What serves here and would not serve there, though it is wanted: it is paused, or what it needs is not wanted. */
export function wouldBeLost(sheet: Worksheet, tags: readonly Tag[]): string | undefined {
  const { configuration, stateOf, intentOf } = sheet;
  const { graph } = configuration;
  const comes = new Set<Tag>();
  for (const tag of childrenFirst(sheet, tags)) {
    if (intentOf(tag).want !== 'inService') continue;
    const pause = pauseOf(sheet, tag);
    const lacking = graph.needsOf(tag).find((child) => !comes.has(child));
    const any = graph.needsAnyOf(tag);
    if (
      pause === undefined &&
      lacking === undefined &&
      (any.length === 0 || any.some((one) => comes.has(one)))
    )
      comes.add(tag);
    else if (isInService(stateOf(tag))) {
      if (pause !== undefined) return `${tag} would not come up there: its ${sayPause(pause)}`;
      return `${tag} would not come up there: it needs ${lacking ?? any.join(' or ')}, which would not be in service`;
    }
  }
  return undefined;
}
