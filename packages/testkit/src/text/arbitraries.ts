import {
  type Configuration,
  isInService,
  type State,
  type StateOf,
  type Tag,
  states as words,
} from '@holdfast/core';
import fc from 'fast-check';
import { configurationOf, type GivenDocument, type GivenResource } from './configurationOf.ts';
import { sayWorld } from './sayWorld.ts';

export type RandomOptions = Readonly<{ resourcesMax?: number; nodes?: readonly string[] }>;

/**
 * A document without a mistake: up to three hierarchies, needs and needsAny inside them, `after` also between them.
 * Every edge points to what was made earlier, so there is no cycle; the tags are shuffled, so that the order of
 * names is never the order of needs.
 */
export function randomDocument({
  resourcesMax = 9,
  nodes = ['alpha'],
}: RandomOptions = {}): fc.Arbitrary<GivenDocument> {
  const kinds = fc.constantFrom('needs', 'needs', 'needsAny', 'needsAny', 'after', 'none', 'none', 'none');
  return fc
    .integer({ min: 1, max: resourcesMax })
    .chain((count) =>
      fc.record({
        tags: fc.shuffledSubarray(tagsFor(resourcesMax), { minLength: count, maxLength: count }),
        groups: fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: count, maxLength: count }),
        types: fc.array(fc.constantFrom('fake', 'plain'), { minLength: count, maxLength: count }),
        edges: fc.array(kinds, {
          minLength: (count * (count - 1)) / 2,
          maxLength: (count * (count - 1)) / 2,
        }),
      }),
    )
    .map(({ tags, groups, types, edges }) => {
      const kindOf = (parent: number, child: number) => edges[(parent * (parent - 1)) / 2 + child]!;
      const entries = tags.map((tag, parent): [string, GivenResource] => {
        const list = (kind: string) =>
          tags.slice(0, parent).filter((_, child) => {
            const isJoined = groups[parent] === groups[child];
            return kindOf(parent, child) === kind && (isJoined || kind === 'after');
          });
        return [
          tag,
          { type: types[parent]!, needs: list('needs'), needsAny: list('needsAny'), after: list('after') },
        ];
      });
      return { nodes, resources: Object.fromEntries(entries) };
    });
}

export function randomConfiguration(options: RandomOptions = {}): fc.Arbitrary<Configuration> {
  return randomDocument(options).map(configurationOf);
}

/** States as an undisturbed engine would leave them: nothing in service without what it needs. */
export function consistentStates(configuration: Configuration): fc.Arbitrary<Map<Tag, State>> {
  const { graph } = configuration;
  const order = graph.childrenFirst();
  const wishes = fc.array(fc.constantFrom<State>('ISP', 'ISP', 'ISP', 'ISU', 'OSU', 'OSU', 'OSF'), {
    minLength: order.length,
    maxLength: order.length,
  });
  return wishes.map((wished) => {
    const found = new Map<Tag, State>();
    for (const [index, tag] of order.entries()) {
      const isUp = (child: Tag) => isInService(found.get(child)!);
      const any = graph.needsAnyOf(tag);
      const canBeUp = graph.needsOf(tag).every(isUp) && (any.length === 0 || any.some(isUp));
      found.set(tag, isInService(wished[index]!) && !canBeUp ? 'OSU' : wished[index]!);
    }
    return found;
  });
}

/** Any state anywhere: what a node may find after a night that nobody saw. */
export function arbitraryStates(configuration: Configuration): fc.Arbitrary<Map<Tag, State>> {
  const tags = configuration.graph.tags();
  return fc
    .array(fc.constantFrom(...words), { minLength: tags.length, maxLength: tags.length })
    .map((found) => new Map(tags.map((tag, index) => [tag, found[index]!])));
}

export type RandomWorld = Readonly<{
  configuration: Configuration;
  states: ReadonlyMap<Tag, State>;
  stateOf: StateOf;
  tag: Tag;
}>;

/** A configuration, where everything stands, and one of its tags. */
export function randomWorld(
  options: RandomOptions & Readonly<{ states?: 'consistent' | 'arbitrary' | 'either' }> = {},
): fc.Arbitrary<RandomWorld> {
  const kind = options.states ?? 'either';
  return randomConfiguration(options).chain((configuration) => {
    const consistent = consistentStates(configuration);
    const arbitrary = arbitraryStates(configuration);
    const found = { consistent, arbitrary, either: fc.oneof(consistent, arbitrary) }[kind];
    return fc
      .record({ states: found, tag: fc.constantFrom(...configuration.graph.tags()) })
      .map(({ states, tag }) => {
        const stateOf: StateOf = (one) => states.get(one) ?? 'OSU';
        const says = () => `${tag} of\n${sayWorld(configuration, stateOf)}`;
        return { configuration, states, tag, stateOf, [fc.toStringMethod]: says };
      });
  });
}

function tagsFor(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => String.fromCharCode(97 + (index % 26)) + (index < 26 ? '' : index),
  );
}
