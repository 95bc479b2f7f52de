import { isInService, isOut, type NodeName, type Tag } from '../vocabulary.ts';
import type { View } from './view.ts';

/** Something of a hierarchy that is not out on a node where it should not be. */
export type Elsewhere = Readonly<{ tag: Tag; node: NodeName; isInService: boolean }>;

type Seen = Pick<View, 'states' | 'nodes'>;

/**
 * What of these may run on other nodes than this one. A node that is gone runs nothing; where a state is not known, the
 * claim protects it, and not the state.
 */
export function findElsewhere(view: Seen, here: NodeName, tags: readonly Tag[]): readonly Elsewhere[] {
  const nodes = Object.entries(view.states) as [NodeName, View['states'][NodeName]][];
  return nodes
    .filter(([node]) => node !== here && view.nodes[node]?.alive !== 'gone')
    .flatMap(([node, records]) =>
      tags.flatMap((tag): Elsewhere[] => {
        const state = records[tag]?.state ?? 'ILLSTATE';
        return isOut(state) || state === 'ILLSTATE' ? [] : [{ tag, node, isInService: isInService(state) }];
      }),
    );
}

/** Where a hierarchy is in service, when that is on more than one node. */
export function findConflict(view: Seen, tags: readonly Tag[]): readonly Elsewhere[] {
  const running = findElsewhere(view, '' as NodeName, tags).filter((one) => one.isInService);
  return new Set(running.map(({ node }) => node)).size > 1 ? running : [];
}
