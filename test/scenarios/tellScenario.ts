import {
  answerCommand,
  basisOf,
  type Command,
  type Decision,
  decide,
  type Problem,
  type Tag,
  type View,
} from '@holdfast/core';
import {
  configurationOf,
  type GivenDocument,
  type GivenView,
  recordOf,
  show,
  statesOf,
  viewOf,
} from '@holdfast/testkit';
import { parse } from 'yaml';
import { tellForecast } from './tellForecast.ts';

type Given = GivenDocument &
  Readonly<{
    /** Out of service where nothing is said. */
    states?: Readonly<Record<string, string>>;
    wanted?: readonly string[];
    /** Whoever has the claim of all; this node when nothing is said. */
    claim?: 'none' | Readonly<{ node?: string; clean?: boolean }>;
    dead?: readonly string[];
    failures?: GivenView['failures'];
    repairs?: GivenView['repairs'];
    busy?: readonly string[];
    /** The node that decides; the first one when nothing is said. */
    node?: string;
    /** What else that node sees of the cluster, as the view has it. A hierarchy is named by its first tag. */
    sees?: Readonly<Record<string, unknown>>;
    command?: Readonly<{ restore?: string; remove?: string; reach?: 'only' | 'whole'; parents?: boolean }>;
  }>;

const fields = [
  'nodes',
  'resources',
  'hierarchies',
  'policy',
  'states',
  'wanted',
  'claim',
  'dead',
  'failures',
  'repairs',
  'busy',
  'node',
  'sees',
  'command',
];

/** What Holdfast would do about a situation, as text: the answer to the command and the decision, or a forecast of a world. */
export function tellScenario(yaml: string): string {
  const parsed = parse(yaml) as Given;
  // A world says what is intended of each resource, and is of a whole cluster.
  if ('intent' in parsed) return tellForecast(parsed);
  const given = parsed;
  const unknown = Object.keys(given).filter((field) => !fields.includes(field));
  if (unknown.length > 0) throw new Error(`a scenario has no ${unknown.join(', ')}`);
  const configuration = configurationOf({
    resources: given.resources,
    ...(given.nodes === undefined ? {} : { nodes: given.nodes }),
    ...(given.hierarchies === undefined ? {} : { hierarchies: given.hierarchies }),
    ...(given.policy === undefined ? {} : { policy: given.policy }),
  });
  let view = viewFor(given, configuration);
  const told: string[] = [];
  if (given.command !== undefined) {
    const command = commandOf(given.command);
    const answer = answerCommand(configuration, view, command);
    told.push(`${command.action} ${command.tag}`);
    if (!answer.ok) return lines([...told, ...indent(answer.problems.map(sayProblem).join('\n'))]);
    const { plan, intents, want } = answer.value;
    told.push(...indent(show(plan)));
    const wish = want === 'inService' ? 'in service' : 'out of service';
    told.push(`wanted ${wish}: ${[...intents].sort().join(', ') || 'nothing more'}`, '');
    view = withIntents(view, intents, want);
  }
  told.push('decision', ...sayDecision(decide(configuration, view)));
  return lines(told);
}

function viewFor(given: Given, configuration: GivenView['configuration']): View {
  const { wanted = [], states = {}, claim, dead = [], failures = {}, repairs = {}, busy = [] } = given;
  const common = {
    configuration,
    stateOf: statesOf(states),
    wanted,
    repairs,
    busy,
    ...(given.node === undefined ? {} : { node: given.node }),
    nodes: Object.fromEntries(dead.map((node) => [node, 'gone' as const])),
    ...(claim === undefined ? {} : { claim: claim as Exclude<GivenView['claim'], undefined> }),
  };
  const bare = viewOf(common);
  const seen = given.sees === undefined ? {} : seenBy(given.sees, bare);
  const completed = Object.entries(failures).map(([tag, failure]) => [
    tag,
    // The basis of a try is long; a scenario says whether it is the one of now.
    failure.basis === 'same'
      ? { ...failure, basis: basisOf(configuration, bare, bare.node, tag as Tag) }
      : failure,
  ]);
  const view = viewOf({ ...common, failures: Object.fromEntries(completed) });
  const { nodes = {}, states: others = {}, ...more } = seen as { nodes?: object; states?: View['states'] };
  const merged = Object.entries({ ...view.nodes, ...nodes }).map(([name, one]) => [
    name,
    { ...view.nodes[name as never], ...(one as object) },
  ]);
  return { ...view, ...more, nodes: Object.fromEntries(merged), states: { ...others, ...view.states } };
}

/** Names of hierarchies as the view has them, and states of other nodes as records. */
function seenBy(sees: Readonly<Record<string, unknown>>, { hierarchies }: View): Record<string, unknown> {
  const idOf = (name: string) => hierarchies.find(({ tags }) => tags[0] === name)?.id ?? name;
  const byId = ['requests', 'placed', 'takenAt', 'failedOn'];
  return Object.fromEntries(
    Object.entries(sees).map(([part, value]) => {
      const entries = Object.entries(value as object);
      if (part === 'states')
        return [
          part,
          Object.fromEntries(
            entries.map(([name, states]) => [
              name,
              Object.fromEntries(
                Object.entries(states as object).map(([tag, state]) => [tag, recordOf(state as never)]),
              ),
            ]),
          ),
        ];
      return [
        part,
        byId.includes(part) ? Object.fromEntries(entries.map(([id, one]) => [idOf(id), one])) : value,
      ];
    }),
  );
}

function commandOf(given: NonNullable<Given['command']>): Command {
  const { restore, remove, reach = 'above', parents = true } = given;
  if (restore !== undefined)
    return { action: 'restore', tag: restore as Tag, parents, refuseIfElsewhere: false };
  return { action: 'remove', tag: remove as Tag, reach };
}

function withIntents(view: View, tags: readonly Tag[], want: 'inService' | 'outOfService'): View {
  const intents = { ...view.intents };
  for (const tag of tags) intents[tag] = { ...intents[tag]!, want, revision: intents[tag]!.revision + 1 };
  return { ...view, intents };
}

function sayDecision({
  take,
  release,
  asks,
  givesUp,
  plans,
  blocked,
  againInMs,
  fenceSelf,
}: Decision): string[] {
  const said = [
    ...asks.map(({ id, node, says }) => `ask for ${id} on ${node}: ${says}`),
    ...givesUp.map(({ id, failure }) => `give up ${id} here: ${failure.tag} failed: ${failure.evidence}`),
    ...take.map((id) => `take the claim of ${id}`),
    ...release.map((id) => `release the claim of ${id}`),
    ...plans.flatMap((plan, index) => [...(plans.length > 1 ? [`plan ${index + 1}`] : []), show(plan)]),
    ...blocked.map(({ tag, because }) => `${tag} is left: ${because.says}`),
    ...(fenceSelf === undefined ? [] : [`take this node down: ${fenceSelf}`]),
    ...(againInMs === undefined ? [] : [`decide again in ${againInMs} ms`]),
  ];
  return indent(said.length === 0 ? 'nothing to do' : said.join('\n'));
}

function sayProblem({ code, what, why, todo }: Problem): string {
  return `${code} ${what}\n  why ${why}\n  do  ${todo}`;
}

function indent(text: string): string[] {
  return text === '' ? [] : text.split('\n').map((line) => `  ${line}`);
}

function lines(told: readonly string[]): string {
  return `${told.join('\n')}\n`;
}
