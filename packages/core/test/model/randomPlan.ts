import {
  type Configuration,
  type NodeName,
  type Plan,
  planMove,
  planRemove,
  planRestore,
  type StateOf,
  showPlan,
  type Tag,
} from '@holdfast/core';
import { arbitraryStates, consistentStates, randomConfiguration, sayWorld } from '@holdfast/testkit';
import fc from 'fast-check';

export const alpha = 'alpha' as NodeName;
export const beta = 'beta' as NodeName;

export type PlannedWorld = Readonly<{
  configuration: Configuration;
  tag: Tag;
  stateOn: (node: NodeName) => StateOf;
  /** Plans again, on other states. */
  planOn: (stateOn: (node: NodeName) => StateOf, configuration?: Configuration) => Plan;
  plan: Plan;
  kind: string;
}>;

const kinds = ['restore', 'restore -s', 'remove', 'remove -b', 'move'] as const;
type Kind = (typeof kinds)[number];

/** Any plan that an operator can ask for, in any world. */
export function randomPlan(
  options: { resourcesMax?: number; kinds?: readonly Kind[] } = {},
): fc.Arbitrary<PlannedWorld> {
  return randomConfiguration({ resourcesMax: options.resourcesMax ?? 9, nodes: [alpha, beta] }).chain(
    (configuration) => {
      const states = fc.oneof(consistentStates(configuration), arbitraryStates(configuration));
      return fc
        .record({
          here: states,
          there: consistentStates(configuration),
          tag: fc.constantFrom(...configuration.graph.tags()),
          kind: fc.constantFrom(...(options.kinds ?? kinds)),
        })
        .map(({ here, there, tag, kind }) => {
          // A hierarchy is in service on one node at a time: where it moves to, it is out.
          const isMove = kind === 'move';
          const stateOn = (node: NodeName) => (one: Tag) =>
            (node === alpha ? (isMove ? there : here).get(one) : 'OSU') ?? 'OSU';
          const planOn: PlannedWorld['planOn'] = (on, given = configuration) =>
            planFor({ kind, configuration: given, tag, stateOn: on });
          const plan = planOn(stateOn);
          const says = () =>
            `${kind} ${tag} of\n${sayWorld(configuration, stateOn(alpha))}\n${showPlan(plan)}`;
          return { configuration, tag, kind, stateOn, planOn, plan, [fc.toStringMethod]: says };
        });
    },
  );
}

function planFor(given: {
  kind: Kind;
  configuration: Configuration;
  tag: Tag;
  stateOn: (node: NodeName) => StateOf;
}): Plan {
  const { kind, configuration, tag, stateOn } = given;
  const common = { configuration, tag, basedOn: 1 };
  const here = { ...common, node: alpha, stateOf: stateOn(alpha) };
  if (kind === 'move') return planMove({ ...common, from: alpha, to: beta, stateOn });
  if (kind === 'restore' || kind === 'restore -s')
    return planRestore({ ...here, parents: kind === 'restore' });
  const planned = planRemove({ ...here, reach: kind === 'remove -b' ? 'whole' : 'above' });
  if (!planned.ok) throw new Error('only a remove of the tag alone may be refused');
  return planned.value;
}
