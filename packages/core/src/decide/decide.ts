import type { Configuration } from '../document/configuration.ts';
import { type Note, type Plan, type Reason, reason } from '../plan/plan.ts';
import { reachOfRemove } from '../plan/reach.ts';
import { type HierarchyId, isInService, isOut, type NodeName, type Tag } from '../vocabulary.ts';
import { chooseOwner } from './chooseOwner.ts';
import { recoverInPlace } from './decideForOwned.ts';
import { decideOrMove } from './decideOrMove.ts';
import { failureOn, type NamedHierarchy, whyNotEligible } from './eligible.ts';
import { asksFirst, whyNoFailover } from './failoverFlags.ts';
import { fenceSelf } from './fenceSelf.ts';
import { forgottenInMs, type GivenUp } from './giveUp.ts';
import { splitIntoPlans } from './splitIntoPlans.ts';
import { switchback } from './switchback.ts';
import { takeDownUnwanted } from './takeDownUnwanted.ts';
import type { HierarchyRecord, View } from './view.ts';
import { waitForLastOwner } from './waitForLastOwner.ts';
import { block, isSomebodys, newWorksheet, notesOf, takeDown } from './worksheet.ts';

/** What one node should do now. Empty when the world is as wanted, or nothing can be done about it. */
export type Decision = Readonly<{
  /** Claims to take before anything of the hierarchy is restored. */
  take: readonly HierarchyId[];
  /** Claims to mark clean: nothing of the hierarchy runs here any more, and nothing is wanted here. */
  release: readonly HierarchyId[];
  /** Nodes that the engine asks for by itself, as an operator would: kept like any other request. */
  asks: readonly Ask[];
  /** Failures to remember before the hierarchy is taken down here and goes to another node. */
  givesUp: readonly GivenUp[];
  /** Each can be carried out without regard to the others. */
  plans: readonly Plan[];
  /** What is not as wanted and is left, with the reason. */
  blocked: readonly Note[];
  /** Why this node is to be taken down, by the policy of what would not go from it. */
  fenceSelf?: string;
  /** Time alone may change the decision after so many milliseconds. */
  againInMs?: number;
}>;

/** A hierarchy that is to go to a node, though nobody asked. */
export type Ask = Readonly<{ id: HierarchyId; node: NodeName; says: string }>;

/**
 * Decides for the node of the view, from the view alone: deciding twice gives the same, and deciding on a world
 * that is as wanted gives nothing.
 */
export function decide(configuration: Configuration, view: View): Decision {
  const sheet = newWorksheet(configuration, view);
  const { stateOf, intentOf } = sheet;
  const take: HierarchyId[] = [];
  const release: HierarchyId[] = [];
  const givesUp: GivenUp[] = [];
  const asks: Ask[] = [];
  let againInMs = Number.POSITIVE_INFINITY;
  let takesDown: string | undefined;
  const busy = new Set(view.busy);
  const records = recordsByTag(view);
  const isStandby = view.nodes[view.node]?.mode === 'standby';

  for (const hierarchy of configuration.hierarchies) {
    const record = records.get(hierarchy.tags[0]!);
    if (record !== undefined) decideOne({ id: record.id, hierarchy });
  }
  const plans = splitIntoPlans(sheet);
  return {
    ...{ take, release, asks, givesUp, plans, blocked: notesOf(sheet) },
    ...(takesDown === undefined ? {} : { fenceSelf: takesDown }),
    ...(againInMs === Number.POSITIVE_INFINITY ? {} : { againInMs }),
  };

  function decideOne(named: NamedHierarchy): void {
    const { id, hierarchy } = named;
    const claim = view.claims[id];
    const isUnclean = claim !== undefined && !claim.clean;
    const isMine = isUnclean && claim.node === view.node && claim.boot === view.boot;
    const wanted = hierarchy.tags.filter((tag) => intentOf(tag).want === 'inService');
    const running = hierarchy.tags.filter((tag) => !isOut(stateOf(tag)));

    if (hierarchy.tags.some((tag) => busy.has(tag))) {
      waitForTheBusy(hierarchy.tags, isMine);
      return;
    }
    if (isStandby) {
      giveAway(hierarchy.tags, wanted);
      if (running.length === 0 && claim !== undefined && !claim.clean && claim.node === view.node)
        release.push(id);
      return;
    }
    if (isMine) {
      takesDown ??= fenceSelf(sheet, named);
      const { stays, givenUp } = decideOrMove(sheet, named);
      if (givenUp !== undefined) givesUp.push(givenUp);
      else if (stays && wanted.length > 0) {
        goBack(named);
        againInMs = Math.min(againInMs, forgottenInMs(sheet, named) ?? againInMs);
      }
      if ((wanted.length === 0 || !stays) && running.length === 0) release.push(id);
      return;
    }
    if (isUnclean && claim.node === view.node && wanted.length === 0 && running.length === 0) {
      // Left by an earlier boot or a crash: this node checked all of it, and nothing runs.
      release.push(id);
      return;
    }
    const wait = wanted.length === 0 ? undefined : waitForLastOwner(sheet, named);
    if (wait !== undefined) {
      takeDownUnwanted(sheet, hierarchy.tags);
      for (const tag of wanted) if (isOut(stateOf(tag))) block(sheet, tag, wait.because);
      againInMs = Math.min(againInMs, wait.leftMs);
      return;
    }
    const owner = chooseOwner(named, view);
    const first = owner === undefined || wanted.length === 0 ? undefined : whyAskFirst(named, view, owner);
    if (first !== undefined) {
      takeDownUnwanted(sheet, hierarchy.tags);
      for (const tag of wanted) block(sheet, tag, reason('awaits-confirmation', first));
    } else if (wanted.length > 0 && owner === view.node) take.push(id);
    else if (wanted.length > 0 && owner === undefined) {
      // What serves is left where it is, as nobody else can; what is not wanted goes all the same.
      takeDownUnwanted(sheet, hierarchy.tags);
      const why = whyNobody(named, view);
      for (const tag of wanted) block(sheet, tag, why);
      for (const { node } of hierarchy.nodes) {
        const failed = failureOn(id, node, view);
        if (failed !== undefined) againInMs = Math.min(againInMs, failed.until - view.now);
      }
    } else if (isUnclean && claim.node !== view.node)
      removeStrangers(running, reason('owned-elsewhere', 'another node has the claim'));
    else if (wanted.length > 0)
      removeStrangers(running, reason('owned-elsewhere', `it is to be in service on ${owner}`));
    else {
      const going = running.filter((tag) => !isSomebodys(sheet, tag));
      removeStrangers(going, reason('not-wanted', 'not wanted in service'));
    }
  }

  function goBack(named: NamedHierarchy): void {
    const back = switchback(sheet, named);
    if (back === undefined) return;
    if ('inMs' in back) againInMs = Math.min(againInMs, back.inMs);
    else asks.push({ id: named.id, node: back.to, says: back.says });
  }

  /** A node on standby takes nothing and gives away what it has, whatever is wanted; the intents stay. */
  function giveAway(tags: readonly Tag[], wanted: readonly Tag[]): void {
    const going = tags.filter((tag) => !isOut(stateOf(tag)) && !isSomebodys(sheet, tag));
    takeDown(sheet, [...reachOfRemove(configuration.graph, going, stateOf)], () =>
      reason('node-standby', 'this node gives away what it has'),
    );
    for (const tag of wanted)
      if (isOut(stateOf(tag))) block(sheet, tag, reason('node-standby', 'this node takes nothing'));
  }

  /** Nothing may run here that another node has the claim of; without any claim, it goes as nobody wants it. */
  function removeStrangers(going: readonly Tag[], why: Reason): void {
    takeDown(sheet, [...reachOfRemove(configuration.graph, going, stateOf)], () => why);
  }

  /** While an operation acts on a hierarchy, only a repair in place goes on beside it: it moves nothing else. */
  function waitForTheBusy(tags: readonly Tag[], isMine: boolean): void {
    for (const tag of tags) {
      const settled = intentOf(tag).want === 'inService' ? isInService(stateOf(tag)) : isOut(stateOf(tag));
      if (settled || busy.has(tag)) continue;
      const isRecovered = isMine && !isStandby && recoverInPlace(sheet, tag);
      if (!isRecovered) block(sheet, tag, reason('busy', 'an operation on its hierarchy is under way'));
    }
  }
}

function whyNobody(named: NamedHierarchy, view: View): Reason {
  const from = view.claims[named.id]?.node;
  const whys = named.hierarchy.nodes.map(
    ({ node }) =>
      whyNotEligible(named, node, view) ??
      (from === undefined ? undefined : whyNoFailover(view, { from, to: node })),
  );
  return reason('owned-elsewhere', `no node can take it: ${whys.join('; ')}`);
}

/** A person is to say that a node takes over from one that is down, and nobody has yet. */
function whyAskFirst({ id }: NamedHierarchy, view: View, owner: NodeName): string | undefined {
  const claim = view.claims[id];
  if (claim === undefined || claim.clean || view.requests?.[id] === owner) return undefined;
  if (!asksFirst(view, { from: claim.node, to: owner })) return undefined;
  return `${claim.node} is down, and ${owner} takes over only when a person confirms it: holdfast confirm-failover ${claim.node}`;
}

function recordsByTag(view: View): ReadonlyMap<Tag, HierarchyRecord> {
  const found = new Map<Tag, HierarchyRecord>();
  for (const record of view.hierarchies)
    for (const tag of record.tags) if (!found.has(tag)) found.set(tag, record);
  return found;
}
