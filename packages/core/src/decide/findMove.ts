import { type Reason, reason } from '../plan/plan.ts';
import type { NodeName } from '../vocabulary.ts';
import { failureOn, type NamedHierarchy, nextNode, whyNotEligible } from './eligible.ts';
import { whyWorseToLeave } from './whyWorseToLeave.ts';
import type { Worksheet } from './worksheet.ts';

export type Move =
  | Readonly<{ kind: 'stay' }>
  | Readonly<{ kind: 'go'; to: NodeName; because: Reason }>
  /** It was to go, and stays, because that would be worse. */
  | Readonly<{ kind: 'refused'; because: Reason }>;

/**
 * Whether a hierarchy that this node has the claim of is to go to another: because that node was asked for, or because it
 * failed here for good. What is in service, and would not come into service there, keeps it here; so does what would not
 * go from here. What was chosen so far counts: what goes down here anyway is no reason to stay.
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
  const next = nextNode(named, view);
  if (next === undefined) return { kind: 'stay' };
  return unlessWorse(sheet, named, { to: next, says: `${failed.tag} failed here: ${failed.evidence}` });
}

function unlessWorse(
  sheet: Worksheet,
  named: NamedHierarchy,
  { to, says }: { to: NodeName; says: string },
): Move {
  const worse = whyWorseToLeave(sheet, named.hierarchy.tags);
  if (worse !== undefined)
    return { kind: 'refused', because: reason('request-refused', `${says}, but ${worse}`) };
  return { kind: 'go', to, because: reason('moves', `moves to ${to}: ${says}`) };
}
