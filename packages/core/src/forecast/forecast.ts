import { afterStep } from '../decide/afterStep.ts';
import { type Decision, decide } from '../decide/decide.ts';
import { findConflict } from '../decide/findElsewhere.ts';
import type { View } from '../decide/view.ts';
import { byTag } from '../graph/resourceGraph.ts';
import { type Note, type Reason, reason, type Step } from '../plan/plan.ts';
import { type HierarchyId, isInService, type NodeName, type Tag } from '../vocabulary.ts';
import { arrangeForecast, type Forecasted } from './arrangeForecast.ts';
import { beginning } from './beginning.ts';
import { bare, boot, type Facts, now } from './facts.ts';
import type { World } from './readWorld.ts';

/** What all nodes together would do, and what is wanted and will not be. */
export type Forecast = Readonly<{ steps: readonly Step[]; blocked: readonly Note[] }>;

/** A look at what a node decides: the tests hold each of them against the rules. */
export type Watch = (view: View, decision: Decision) => void;

/**
 * Lets every node decide about a world as the agent on it would, takes each step as done, and so on until nobody wants a
 * step. Hierarchies do not touch each other, so one in which nothing happened in a turn is not looked at again.
 */
export function forecast(world: World, watch: Watch = () => undefined): Forecast {
  const { configuration } = world;
  const facts = beginning(world);
  const alive = configuration.nodes.filter((node) => facts.nodes[node]!.alive === 'yes');
  const said = new Map<Tag, Reason>(notesAtFirst(facts).map(({ tag, because }) => [tag, because]));
  const origins = new Map(facts.named.map(({ id }) => [id, facts.claims[id]?.node]));
  const done: Forecasted[] = [];
  let active = facts.named;
  // Each node gives a hierarchy up, releases it and takes it at most once; what goes on longer would never end.
  const turnsMax = 8 + 4 * configuration.nodes.length;
  for (let turn = 0; active.length > 0; turn += 1) {
    if (turn === turnsMax) throw new Error(`the nodes still want steps after ${turnsMax} turns`);
    const asked = { ...configuration, hierarchies: active.map(({ hierarchy }) => hierarchy) };
    const changed = new Set<HierarchyId>();
    const left: { note: Note; isOwners: boolean }[] = [];
    for (const node of alive) {
      const view = viewOf(facts, node);
      const decision = decide(asked, view);
      watch(view, decision);
      for (const note of decision.blocked)
        left.push({ note, isOwners: facts.claims[facts.hierarchyOf.get(note.tag)!]?.node === node });
      for (const { steps } of decision.plans) for (const step of steps) done.push({ step, turn });
      for (const id of apply(facts, node, decision, turn)) changed.add(id);
    }
    // Who has the claim knows best why something is left.
    for (const { note } of left.sort((a, b) => Number(b.isOwners) - Number(a.isOwners)))
      if (!changed.has(facts.hierarchyOf.get(note.tag)!) && !said.has(note.tag))
        said.set(note.tag, note.because);
    active = active.filter(({ id }) => changed.has(id));
  }
  for (const tag of unanswered(facts, alive))
    if (!said.has(tag)) said.set(tag, reason('owned-elsewhere', 'no node that could take it is alive'));
  return {
    steps: arrangeForecast(configuration.graph, done).map((step) => withOrigin(step, facts, origins)),
    blocked: [...said].map(([tag, because]) => ({ tag, because })).sort((a, b) => byTag(a.tag, b.tag)),
  };
}

function viewOf(facts: Facts, node: NodeName): View {
  const { notes: _, named: __, hierarchyOf: ___, ...shared } = facts;
  return { ...shared, node, boot, now, generation: 0, basedOn: 0, busy: [] };
}

/** Writes down what a node decided as if all of it was done; answers the hierarchies that it changed. */
function apply(
  facts: Facts,
  node: NodeName,
  { take, release, asks, givesUp, plans }: Decision,
  turn: number,
): Iterable<HierarchyId> {
  const changed = new Set<HierarchyId>([...take, ...release, ...[...asks, ...givesUp].map(({ id }) => id)]);
  for (const id of take) {
    facts.claims[id] = { node, boot, epoch: (facts.claims[id]?.epoch ?? 0) + 1, clean: false };
    facts.takenAt[id] = turn;
    // Reached, or refused because another took it: either way it is spent.
    delete facts.requests[id];
  }
  for (const id of release) facts.claims[id] = { ...facts.claims[id]!, clean: true };
  for (const ask of asks) facts.requests[ask.id] = ask.node;
  for (const { id, failure } of givesUp) {
    facts.failedOn[id] ??= bare();
    facts.failedOn[id][node] = failure;
  }
  const records = facts.states[node]!;
  for (const { tag, action } of plans.flatMap(({ steps }) => steps)) {
    changed.add(facts.hierarchyOf.get(tag)!);
    records[tag] = afterStep({
      record: records[tag]!,
      action,
      result: 'done',
      evidence: '',
      todo: '',
      finding: undefined,
      at: now,
      intentRevision: facts.intents[tag]?.revision ?? 0,
      // What is done rests on nothing: only a failure is compared with what it rested on.
      basis: '',
    });
  }
  return changed;
}

/** What is so before anybody decides, and is over by the end of the forecast or never noticed by a decision. */
function notesAtFirst(facts: Facts): Note[] {
  const conflicts = facts.named.flatMap(({ hierarchy }) => {
    const running = findConflict({ states: facts.states, nodes: facts.nodes }, hierarchy.tags);
    const nodes = [...new Set(running.map(({ node }) => node))].join(' and ');
    const says = `a conflict: its hierarchy is in service on ${nodes} at once; nothing more of it starts until that is over`;
    return running.map(({ tag }): Note => ({ tag, because: reason('conflict', says) }));
  });
  return [...conflicts, ...facts.notes];
}

/** What is wanted, is in service nowhere, and was nobody's to speak of: no node that is alive may decide about it. */
function unanswered(facts: Facts, alive: readonly NodeName[]): readonly Tag[] {
  return (Object.entries(facts.intents) as [Tag, Facts['intents'][Tag]][])
    .filter(([, { want }]) => want === 'inService')
    .map(([tag]) => tag)
    .filter((tag) => !alive.some((node) => isInService(facts.states[node]![tag]!.state)));
}

/** Why something comes up on another node than the one where its hierarchy was. */
function withOrigin(
  step: Step,
  { hierarchyOf, nodes }: Facts,
  origins: ReadonlyMap<HierarchyId, NodeName | undefined>,
): Step {
  const from = origins.get(hierarchyOf.get(step.tag)!);
  if (step.action === 'remove' || from === undefined || from === step.node) return step;
  const why = nodes[from]!.alive === 'gone' ? `${from} is down` : `its hierarchy moves here from ${from}`;
  return { ...step, because: { ...step.because, says: `${step.because.says}; ${why}` } };
}
