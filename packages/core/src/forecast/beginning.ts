import type { NamedHierarchy } from '../decide/eligible.ts';
import { neverChecked, type StateRecord } from '../decide/view.ts';
import type { Hierarchy } from '../document/configuration.ts';
import { nameHierarchies } from '../document/nameHierarchies.ts';
import { reason } from '../plan/plan.ts';
import type { NodeName, State, Tag } from '../vocabulary.ts';
import { type Asked, askedNodes } from './askedNodes.ts';
import { bare, boot, type Facts } from './facts.ts';
import { failWhereInService } from './failWhereInService.ts';
import type { World } from './readWorld.ts';

/** The world as its nodes see it when the events have happened. */
export function beginning({ configuration, situation }: World): Facts {
  const hierarchies = nameHierarchies(configuration, [], 0);
  const named = configuration.hierarchies.map((hierarchy, index) => ({
    id: hierarchies[index]!.id,
    hierarchy,
  }));
  const facts: Facts = {
    hierarchies,
    named,
    hierarchyOf: new Map(hierarchies.flatMap(({ id, tags }) => tags.map((tag) => [tag, id] as const))),
    nodes: bare(),
    intents: bare(),
    states: bare(),
    claims: bare(),
    requests: bare(),
    takenAt: bare(),
    failedOn: bare(),
    paused: bare(),
    notes: [],
  };
  for (const node of configuration.nodes) {
    facts.nodes[node] = { alive: 'yes', boot };
    const records: Record<Tag, StateRecord> = bare();
    const given = situation.states[node] ?? {};
    for (const tag of configuration.resources.keys()) {
      const state: State = Object.hasOwn(given, tag) ? given[tag]! : 'OSU';
      records[tag] = { ...neverChecked, state, reason: 'given' };
      if (state === 'ISU') facts.paused[tag] = { by: 'an operator', why: '', at: 0 };
    }
    facts.states[node] = records;
  }
  const { events, intent } = situation;
  for (const event of events)
    if ('nodeDown' in event) facts.nodes[event.nodeDown as NodeName] = { alive: 'gone', boot };
    else if ('nodeReturns' in event) facts.nodes[event.nodeReturns as NodeName] = returned;
  for (const one of named) want(facts, one, askedNodes(one, intent, facts));
  // What ran there is wanted still, and does not run any more.
  for (const event of events)
    if ('nodeReturns' in event)
      for (const record of Object.values(facts.states[event.nodeReturns as NodeName]!)) record.state = 'OSU';
  for (const event of events)
    if ('failed' in event) failWhereInService(facts, configuration, event.failed as Tag);
  return facts;
}

/** It was away, and has been back for long enough. */
const returned = { alive: 'yes', boot, joinedAt: 0, aliveForMs: Number.POSITIVE_INFINITY } as const;

/** Says what is wanted of a hierarchy, and gives its claim to the node where it is in service. */
function want(facts: Facts, { id, hierarchy }: NamedHierarchy, asked: Asked): void {
  for (const [tag, isWanted] of asked.wanted)
    facts.intents[tag] = {
      want: isWanted ? 'inService' : 'outOfService',
      revision: 1,
      by: 'its intent',
      at: 0,
      args: [],
    };
  for (const { tag, node } of asked.refused) {
    const says = `asked for on ${node}, while others of its hierarchy are asked for on ${asked.node}: a hierarchy is in service on one node at a time`;
    facts.notes.push({ tag, because: reason('request-refused', says) });
  }
  const isAlive = (node: NodeName) => facts.nodes[node]!.alive === 'yes';
  const { node } = asked;
  // Where it ran and died with its node, nothing asks to go back there.
  if (node !== undefined && (isAlive(node) || !asked.runsOn.includes(node))) facts.requests[id] = node;
  const owner = ownerOf(hierarchy, asked, isAlive);
  if (owner === undefined) return;
  facts.claims[id] = { node: owner, boot, epoch: 1, clean: false };
  facts.takenAt[id] = -1;
}

/**
 * Who has the claim: the node where it is in service. Of several that are alive, the one that is asked for, else the
 * best; where nothing is wanted, two that run it have no claim, and both give it up.
 */
function ownerOf(
  hierarchy: Hierarchy,
  { node, runsOn }: Asked,
  isAlive: (node: NodeName) => boolean,
): NodeName | undefined {
  const alive = runsOn.filter(isAlive);
  if (alive.length < 2) return alive[0] ?? runsOn[0];
  if (node === undefined) return undefined;
  const isAllowed = hierarchy.nodes.some((one) => one.node === node);
  return isAllowed && isAlive(node) ? node : alive[0];
}
