import type { Configuration, decide, Tag } from '@holdfast/core';

type View = Parameters<typeof decide>[1];

/** A node that has every claim, on which nothing is in service and everything is wanted: all of it is to be planned. */
export function viewOfAllDown(configuration: Configuration): View {
  const node = configuration.nodes[0]!;
  const tags = [...configuration.resources.keys()];
  const byTag = <Value>(value: Value): Record<Tag, Value> =>
    Object.fromEntries(tags.map((tag) => [tag, value]));
  const hierarchies = configuration.hierarchies.map(({ tags: members }, index) => ({
    id: `h${index}` as never,
    tags: members,
  }));
  return {
    node,
    boot: 'boot' as never,
    now: 0,
    generation: 1,
    basedOn: 1,
    hierarchies,
    nodes: { [node]: { alive: 'yes' } },
    intents: byTag({ want: 'inService' as const, revision: 1, by: 'operator', at: 0, args: [] }),
    states: {
      [node]: byTag({ state: 'OSU' as const, reason: '', since: 0, conditions: [], rises: 0, repairs: [] }),
    },
    claims: Object.fromEntries(
      hierarchies.map(({ id }) => [id, { node, boot: 'boot' as never, epoch: 1, clean: false }]),
    ),
    busy: [],
  };
}
