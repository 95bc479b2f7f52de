import {
  basisOf,
  type Configuration,
  type Failure,
  type NodeName,
  type Tag,
  type View,
} from '@holdfast/core';
import {
  arbitraryStates,
  configurationOf,
  consistentStates,
  randomDocument,
  sayWorld,
  viewOf,
} from '@holdfast/testkit';
import fc from 'fast-check';

export type Situation = Readonly<{ configuration: Configuration; view: View }>;

const alpha = 'alpha' as NodeName;
const policies = [
  undefined,
  undefined,
  { localRecovery: { enabled: false } },
  { localRecovery: { attempts: 1 } },
  { notificationOnly: true },
];

type RandomFailure = Readonly<{ kind: Failure['kind'] | 'none'; isOld: boolean; isSameBasis: boolean }>;

/**
 * Any situation that a node may wake up in: states that fit together or do not, intents that ask for the
 * impossible, failures old and new, repairs spent or not, and a claim that is ours, nobody's, or another's.
 */
export function randomSituation(
  options: { resourcesMax?: number; claims?: 'ours' | 'any'; failures?: boolean } = {},
): fc.Arbitrary<Situation> {
  const nodes = [alpha, 'beta' as NodeName];
  const configurations = fc
    .tuple(randomDocument({ resourcesMax: options.resourcesMax ?? 9, nodes }), fc.constantFrom(...policies))
    .map(([document, policy]) => configurationOf(policy === undefined ? document : { ...document, policy }));
  return configurations.chain((configuration) => {
    const tags = configuration.graph.tags();
    const each = <Value>(one: fc.Arbitrary<Value>) =>
      fc.array(one, { minLength: tags.length, maxLength: tags.length });
    return fc
      .record({
        states: fc.oneof(consistentStates(configuration), arbitraryStates(configuration)),
        wanted: fc.subarray([...tags]),
        failures: each(
          fc.record({
            kind: fc.constantFrom<RandomFailure['kind']>(
              'interrupted',
              'interrupted',
              'restore',
              'remove',
              'recover',
              'none',
            ),
            isOld: fc.boolean(),
            isSameBasis: fc.boolean(),
          }),
        ),
        repairs: each(fc.array(fc.integer({ min: 999_000, max: 1_000_000 }), { maxLength: 4 })),
        claim: options.claims === 'any' ? fc.constantFrom(...claims) : fc.constant({}),
        others: fc.constantFrom<'yes' | 'gone' | 'not-known'>('yes', 'gone', 'not-known'),
      })
      .map(({ states, wanted, failures, repairs, claim, others }) => {
        const stateOf = (tag: Tag) => states.get(tag)!;
        const bare = viewOf({ configuration, stateOf, wanted, claim, nodes: { beta: others } });
        const found = tags.map((tag, index) => [tag, failureOf(tag, failures[index]!)] as const);
        const view = viewOf({
          configuration,
          stateOf,
          wanted,
          claim,
          nodes: { beta: others },
          failures: Object.fromEntries(found.filter(([, failure]) => failure !== undefined)) as Record<
            string,
            Failure
          >,
          repairs: Object.fromEntries(tags.map((tag, index) => [tag, repairs[index]!])),
        });
        const says = () => saySituation({ configuration, view });
        return { configuration, view, [fc.toStringMethod]: says };

        function failureOf(tag: Tag, given: RandomFailure): Partial<Failure> | undefined {
          // Only what failed has a failure; what still serves may be something that would not go.
          const kind =
            stateOf(tag) === 'ISP' && given.kind === 'remove' && given.isOld ? 'remove' : given.kind;
          const canHave = stateOf(tag) === 'OSF' || (stateOf(tag) === 'ISP' && kind === 'remove');
          if (kind === 'none' || !canHave || options.failures === false) return undefined;
          const basis = given.isSameBasis ? basisOf(configuration, bare, alpha, tag) : 'another';
          return { kind, intentRevision: given.isOld ? 0 : 1, basis };
        }
      });
  });
}

const claims = [
  {},
  {},
  'none' as const,
  { clean: true },
  { boot: 'boot-0' as View['boot'] },
  { node: 'beta' as NodeName },
  { node: 'beta' as NodeName, clean: true },
];

function saySituation({ configuration, view }: Situation): string {
  const records = view.states[view.node]!;
  const said = sayWorld(configuration, (tag) => records[tag]!.state).split('\n');
  const tags = [...configuration.resources.keys()];
  const lines = said.map((line, index) => {
    const { failure, repairs } = records[tags[index]!]!;
    const want = view.intents[tags[index]!]?.want === 'inService' ? 'wanted' : '';
    const why = failure && `${failure.kind} failed${failure.intentRevision === 0 ? ' long ago' : ''}`;
    return [line, want, why, repairs.length > 0 && `${repairs.length} repairs`].filter(Boolean).join(', ');
  });
  return ['', ...lines, `claims ${JSON.stringify(view.claims)}`].join('\n');
}
