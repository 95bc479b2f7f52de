import type { BeatTimes } from '@holdfast/core';
import type { Entry } from '@holdfast/store';
import type { HeldClaim, SessionRecord } from '../../src/keeper/beatRecords.ts';
import type { FenceRecord } from '../../src/keeper/fenceRecord.ts';
import type { OwnSession } from '../../src/keeper/sessionRules.ts';
import type { Bug } from './bugs.ts';
import { SimulatedMember } from './simulatedMember.ts';
import { SimulatedStore } from './simulatedStore.ts';
import { hierarchies, type SimulatedWorld } from './simulatedWorld.ts';

export type Told = Readonly<{
  violation: string | undefined;
  takeovers: number;
  fences: number;
  story: readonly string[];
}>;

type Due = Readonly<{ at: number; order: number; act: () => void }>;

const members = 3;
/** Those that are named twice come twice as often. */
const faultKinds = [
  ...(['freeze', 'freeze', 'crash', 'crash-twice', 'slow', 'slow', 'slow', 'watch-lags'] as const),
  ...(['keeper-dies', 'keeper-restarts', 'clock-set', 'suspend', 'release'] as const),
  ...(['agent-hangs', 'agent-dies', 'agent-dies-in-release', 'keeper-dies-alone'] as const),
];
const faultsUntil = 25_000;
const end = 60_000;

/**
 * Three nodes that run the shipped rules of sessions, beats and claims, and a store between them. Clocks drift, the
 * wall clock is set, requests, answers and events are late or lost, nodes freeze and die, keepers die or start again, agents
 * hang or die and are started again under the session that is there.
 * Asked at every step: does nobody act whose session is over, and is nothing run twice?
 */
export class BeatSimulation implements SimulatedWorld {
  readonly times: BeatTimes;
  readonly bug: Bug | undefined;
  readonly hasFences: boolean;
  readonly store = new SimulatedStore((changes) => this.#publish(changes));
  readonly #random: () => number;
  readonly #members: readonly SimulatedMember[];
  readonly #queue: Due[] = [];
  readonly #story: string[] = [];
  #order = 0;
  #violation: string | undefined;
  now = 0;
  takeovers = 0;
  fences = 0;
  /** Sessions whose fence was confirmed, and their boots. */
  readonly #fenced = new Set<string>();

  constructor(seed: number, times: BeatTimes, bug?: Bug, hasFences = false) {
    this.times = times;
    this.bug = bug;
    this.hasFences = hasFences;
    this.#random = mulberry(seed);
    this.#members = Array.from({ length: members }, (_, index) => new SimulatedMember(this, `n${index}`));
    for (const member of this.#members) this.after(this.between(0, 300), () => member.boot());
    const faults = 1 + Math.floor(this.#random() * 6);
    for (let n = 0; n < faults; n += 1) this.after(this.between(1_000, faultsUntil), () => this.#fault());
  }

  run(): Told {
    while (this.#violation === undefined) {
      const due = this.#pop();
      if (due === undefined || due.at > end) break;
      this.now = due.at;
      due.act();
    }
    if (this.#violation === undefined) this.#checkService();
    return { violation: this.#violation, takeovers: this.takeovers, fences: this.fences, story: this.#story };
  }

  after(delay: number, act: () => void): void {
    this.#order += 1;
    this.#push({ at: this.now + delay, order: this.#order, act });
  }

  between(low: number, high: number): number {
    return low + this.#random() * (high - low);
  }

  often(share: number): boolean {
    return this.#random() < share;
  }

  tell(what: string): void {
    this.#story.push(`${Math.round(this.now)} ${what}`);
    if (this.#story.length > 400) this.#story.shift();
  }

  /** Nothing is in service on two nodes. */
  checkRuns(hierarchy: string): void {
    const where = this.#members.filter((member) => member.runs.has(hierarchy)).map(({ name }) => name);
    if (where.length > 1) this.#violate(`${hierarchy} runs on ${where.join(' and ')}`);
  }

  /** Whoever may act has a session that nobody has ended. */
  checkMayAct(node: string, id: string): void {
    const standing = this.store.valueOf<SessionRecord>(`session/${node}`);
    if (standing?.id !== id || standing.endedBy !== undefined)
      this.#violate(`${node} may act after its session ${id} was over`);
  }

  runsNothing(node: string): boolean {
    return this.#members.find(({ name }) => name === node)?.runs.size === 0;
  }

  /** Power is cut only for a request that stands, of a session that was not fenced before and is over. */
  fence(node: string, by: OwnSession): void {
    const session = this.store.valueOf<SessionRecord>(`session/${node}`);
    const asked = this.store.valueOf<FenceRecord>(`fence/${node}`);
    this.tell(`${by.node} cuts the power of ${node}`);
    if (session === undefined || session.endedBy === undefined)
      this.#violate(`${node} was fenced by ${by.node}, and its session lives`);
    else if (this.#fenced.has(session.id))
      this.#violate(`${node} was fenced by ${by.node} a second time for ${session.id}`);
    // What a person confirmed while the device was at work needs it no more, and is not harmed by it.
    else if (asked?.person !== undefined) this.tell(`${node} was confirmed to be down already`);
    else if (asked?.state !== 'asked' || asked.session !== session.id || asked.bySession !== by.id)
      this.#violate(`${node} was fenced by ${by.node}, which does not stand as asked for by ${by.id}`);
    this.fences += 1;
    this.#members.find(({ name }) => name === node)?.losePower();
  }

  /** What was fenced is told to be down: nothing of that boot joins again. */
  #checkFenced(key: string, value: unknown): void {
    if (key.startsWith('fence/')) {
      const fence = value as FenceRecord | undefined;
      if (fence?.state === 'confirmed') {
        if (fence.person === undefined) this.#fenced.add(fence.session);
        this.#fenced.add(`${key.slice('fence/'.length)}-${fence.boot}`);
      }
      return;
    }
    const { boot, id, endedBy } = value as SessionRecord;
    const node = key.slice('session/'.length);
    if (endedBy === undefined && this.#fenced.has(`${node}-${boot}`))
      this.#violate(`${node} joined with ${id} in a boot that was fenced`);
  }

  /** A claim is taken by a session that lives. */
  #checkClaim(key: string, claim: HeldClaim): void {
    const standing = this.store.valueOf<SessionRecord>(`session/${claim.node}`);
    if (!claim.clean && (standing?.id !== claim.session || standing.endedBy !== undefined))
      this.#violate(`${key} was taken by ${claim.session}, which was over`);
  }

  /** With everybody well again for long, everything is in service, under a claim of who runs it. */
  #checkService(): void {
    for (const hierarchy of hierarchies) {
      const owner = this.#members.find((member) => member.runs.has(hierarchy));
      if (owner === undefined) this.#violate(`${hierarchy} is in service nowhere`);
      else if (this.store.valueOf<HeldClaim>(`claim/${hierarchy}`)?.node !== owner.name)
        this.#violate(`${hierarchy} runs on ${owner.name} without a claim`);
    }
  }

  #violate(what: string): void {
    this.#violation ??= `${Math.round(this.now)} ${what}`;
  }

  #fault(): void {
    const member = this.#members[Math.floor(this.#random() * members)]!;
    const kind = faultKinds[Math.floor(this.#random() * faultKinds.length)]!;
    this.tell(`${member.name} ${kind}`);
    member.suffer(kind);
  }

  #publish(changes: readonly Entry[]): void {
    for (const { key, value } of changes)
      if (key.startsWith('claim/')) this.#checkClaim(key, value as HeldClaim);
      else if (key.startsWith('session/') || key.startsWith('fence/')) this.#checkFenced(key, value);
    for (const member of this.#members) member.told(changes);
  }

  /* A binary heap: the order of equal times is that of their making, so that a seed is one story. */
  #push(due: Due): void {
    const heap = this.#queue;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) break;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #pop(): Due | undefined {
    const heap = this.#queue;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === at) return first;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function mulberry(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
