import {
  type BootId,
  type Claim,
  type Configuration,
  type Failure,
  type HierarchyId,
  type Intent,
  type NodeName,
  type NodeView,
  nameHierarchies,
  type State,
  type StateOf,
  type StateRecord,
  type Tag,
  type View,
} from '@holdfast/core';

export type GivenView = Readonly<{
  configuration: Configuration;
  /** On the node that decides. */
  stateOf: StateOf;
  /** These should be in service, all others out of it. */
  wanted: readonly string[];
  node?: string;
  now?: number;
  /** Who has the claim of every hierarchy: the deciding node when left out, nobody with `none`. */
  claim?: Partial<Claim> | 'none';
  failures?: Readonly<Record<string, Partial<Failure>>>;
  repairs?: Readonly<Record<string, readonly number[]>>;
  busy?: readonly string[];
  /** Nodes that are not alive. */
  nodes?: Readonly<Record<string, NodeView['alive']>>;
}>;

const boot = 'boot-1' as BootId;

/** A view as one node would have it: with a claim on all, and each intent at its first revision. */
export function viewOf(given: GivenView): View {
  const { configuration, stateOf, claim, now = 1_000_000 } = given;
  const node = (given.node ?? configuration.nodes[0]!) as NodeName;
  const tags = configuration.graph.tags();
  const hierarchies = nameHierarchies(configuration, [], 1);
  const record = (tag: Tag): StateRecord => ({
    ...recordOf(stateOf(tag), given.failures?.[tag], now),
    repairs: [...(given.repairs?.[tag] ?? [])],
  });
  return {
    node,
    boot,
    now,
    generation: 1,
    basedOn: 7,
    hierarchies,
    nodes: byKey(configuration.nodes, (name) => ({ alive: given.nodes?.[name] ?? 'yes', boot })),
    intents: byKey(tags, (tag) => intentOf(given.wanted.includes(tag) ? 'inService' : 'outOfService')),
    states: { [node]: byKey(tags, record) } as View['states'],
    claims:
      claim === 'none'
        ? {}
        : byKey(hierarchies.map(({ id }) => id) as HierarchyId[], () => ({
            node,
            boot,
            epoch: 1,
            clean: false,
            ...claim,
          })),
    busy: (given.busy ?? []) as Tag[],
  };
}

export function recordOf(state: State, failure?: Partial<Failure>, at = 0): StateRecord {
  const full: Failure | undefined = failure && {
    kind: 'interrupted',
    evidence: 'it broke',
    todo: '',
    at,
    intentRevision: 1,
    basis: '',
    ...failure,
  };
  const record: StateRecord = { state, reason: 'given', since: 0, conditions: [], rises: 0, repairs: [] };
  return full === undefined ? record : { ...record, failure: full };
}

function intentOf(want: Intent['want']): Intent {
  return { want, revision: 1, by: 'operator', at: 0, args: [] };
}

function byKey<Key extends string, Value>(
  keys: readonly Key[],
  toValue: (key: Key) => Value,
): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, toValue(key)])) as Record<Key, Value>;
}
