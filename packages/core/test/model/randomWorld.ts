import { readWorld, states, type World } from '@holdfast/core';
import { randomDocument } from '@holdfast/testkit';
import fc from 'fast-check';

const nodeNames = ['alpha', 'beta', 'gamma', 'delta'];

/** A world as a person would write it: up to four nodes, any states, any intents, and some events. */
export type WrittenWorld = Readonly<{
  nodes: readonly string[];
  resources: Readonly<Record<string, unknown>>;
  hierarchies?: unknown;
  policy?: unknown;
  states: Readonly<Record<string, Readonly<Record<string, string>>>>;
  intent: Readonly<Record<string, unknown>>;
  events: readonly unknown[];
}>;

export type RandomWorld = Readonly<{ written: WrittenWorld; world: World }>;

/**
 * Any world may ask for the impossible, and knows not everything. Plain ones ask for one node that is allowed, and every
 * state is known. Tidy ones are in service on one node at most, and their intents can be had together.
 */
export function randomWorld(
  options: { resourcesMax?: number; kind?: 'tidy' | 'plain' | 'any' } = {},
): fc.Arbitrary<RandomWorld> {
  const { resourcesMax = 8, kind = 'any' } = options;
  return fc
    .subarray(nodeNames, { minLength: 1 })
    .chain((nodes) => fc.tuple(fc.constant(nodes), randomDocument({ resourcesMax, nodes })))
    .chain(([nodes, { resources }]) => {
      const tags = Object.keys(resources);
      const each = <Value>(one: fc.Arbitrary<Value>) =>
        fc.array(one, { minLength: tags.length, maxLength: tags.length });
      const node = fc.constantFrom(...nodes);
      return fc.record({
        nodes: fc.constant(nodes),
        resources: fc.constant(resources),
        standing: fc.tuple(
          ...nodes.map(() => each(fc.constantFrom<string>('ISP', 'ISP', 'OSU', 'OSU', ...states))),
        ),
        home: node,
        goal: node,
        isWanted: each(fc.constantFrom(true, true, true, false, undefined)),
        goals: each(fc.option(node, { nil: undefined, freq: 6 })),
        policy: fc.constantFrom(
          undefined,
          undefined,
          { localRecovery: { enabled: false } },
          { notificationOnly: true },
        ),
        allowed: fc.option(fc.subarray(nodes, { minLength: 1 }), { nil: undefined }),
        events: fc.array(
          fc.oneof(
            node.map((nodeDown) => ({ nodeDown })),
            fc.constantFrom(...tags).map((failed) => ({ failed })),
          ),
          { maxLength: 3 },
        ),
      });
    })
    .map((drawn) => {
      const written = kind === 'tidy' ? tidied(drawn) : wild(kind === 'plain' ? madePlain(drawn) : drawn);
      const read = readWorld(written);
      if (!read.ok) throw new Error(JSON.stringify(read.problems));
      return { written, world: read.value, [fc.toStringMethod]: () => `\n${JSON.stringify(written)}\n` };
    });
}

type Drawn = Readonly<{
  nodes: readonly string[];
  resources: WrittenWorld['resources'];
  standing: readonly (readonly string[])[];
  home: string;
  goal: string;
  isWanted: readonly (boolean | undefined)[];
  goals: readonly (string | undefined)[];
  policy: unknown;
  allowed: readonly string[] | undefined;
  events: readonly unknown[];
}>;

function madePlain(drawn: Drawn): Drawn {
  const standing = drawn.standing.map((on) => on.map((state) => (state === 'ILLSTATE' ? 'OSF' : state)));
  return { ...drawn, standing, goals: [], allowed: undefined };
}

function wild(drawn: Drawn): WrittenWorld {
  const { nodes, resources, standing, goal, isWanted, goals, policy, allowed, events } = drawn;
  const tags = Object.keys(resources);
  const intent = Object.fromEntries(
    tags.flatMap((tag, index) => {
      if (isWanted[index] === undefined) return [];
      return [[tag, isWanted[index] ? { inService: goals[index] ?? goal } : 'outOfService']];
    }),
  );
  return {
    nodes,
    resources: stripped(resources),
    ...(policy === undefined ? {} : { policy }),
    ...(allowed === undefined
      ? {}
      : {
          hierarchies: {
            [tags[0]!]: { nodes: Object.fromEntries(allowed.map((one, index) => [one, index + 1])) },
          },
        }),
    states: Object.fromEntries(
      nodes.map((node, at) => [
        node,
        Object.fromEntries(tags.map((tag, index) => [tag, standing[at]![index]!])),
      ]),
    ),
    intent,
    events,
  };
}

/** In service at home alone and only with what it needs; whatever something wanted needs is wanted. */
function tidied({ nodes, resources, standing, home, goal, isWanted, events }: Drawn): WrittenWorld {
  const tags = Object.keys(resources);
  const needsOf = (tag: string) => {
    const { needs = [], needsAny = [] } = resources[tag] as { needs?: string[]; needsAny?: string[] };
    return [...needs, ...needsAny];
  };
  const wanted = new Set<string>();
  const want = (tag: string): void => {
    if (wanted.has(tag)) return;
    wanted.add(tag);
    for (const child of needsOf(tag)) want(child);
  };
  for (const [index, tag] of tags.entries()) if (isWanted[index] === true) want(tag);
  const up = new Set<string>();
  for (const [index, tag] of tags.entries())
    if (standing[0]![index] === 'ISP' && needsOf(tag).every((child) => up.has(child))) up.add(tag);
  return {
    nodes,
    resources: stripped(resources),
    states: { [home]: Object.fromEntries([...up].map((tag) => [tag, 'ISP'])) },
    intent: Object.fromEntries(
      tags.map((tag) => [tag, wanted.has(tag) ? { inService: goal } : 'outOfService']),
    ),
    events,
  };
}

function stripped(resources: WrittenWorld['resources']): WrittenWorld['resources'] {
  return Object.fromEntries(
    Object.entries(resources).map(([tag, resource]) => {
      const { type: _, ...rest } = resource as { type?: string };
      return [tag, rest];
    }),
  );
}
