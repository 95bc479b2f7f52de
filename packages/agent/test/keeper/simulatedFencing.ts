import type { Committed, Entry, Transaction } from '@holdfast/store';
import type { FenceRecord } from '../../src/keeper/fenceRecord.ts';
import {
  askFence,
  confirmByPerson,
  endFence,
  type FenceFacts,
  judgeFence,
  leaveFence,
} from '../../src/keeper/fenceRules.ts';
import type { SeenPeers } from '../../src/keeper/seenPeers.ts';
import type { OwnSession } from '../../src/keeper/sessionRules.ts';
import type { SimulatedWorld } from './simulatedWorld.ts';

type Given = Readonly<{
  world: () => SimulatedWorld;
  clock: () => number;
  peers: () => SeenPeers;
  own: () => OwnSession | undefined;
  mayAct: () => boolean;
  send: (transaction: Transaction, then: (answer: Committed | undefined) => void) => void;
  /** Not before the node is awake, and never in another boot. */
  soon: (delay: number, act: () => void) => void;
}>;

const nodes = ['n0', 'n1', 'n2'];
const answerGivenUpAfter = 400;
const endingTries = 5;

/** A node that fences others by the shipped rules, with devices that are slow and sometimes fail. */
export class SimulatedFencing {
  readonly #given: Given;
  /** What is under way; a later one makes what comes of an earlier one void. */
  #count = 0;
  #running: number | undefined;
  /** Whether a person stands by here who looks at once, as the devices fail mostly. */
  #isQuick: boolean | undefined;

  constructor(given: Given) {
    this.#given = given;
  }

  /** The keeper was started again: what was under way ended with it. */
  forget(): void {
    this.#running = undefined;
  }

  look(own: OwnSession): void {
    if (this.#running !== undefined) return;
    this.#isQuick ??= this.#given.world().often(0.2);
    for (const node of nodes) {
      if (node === own.node) continue;
      const facts = this.#factsOf(node, own);
      if (this.#given.world().bug === 'a fence without a quorum') this.#fenceOnSilence(node, own);
      if (judgeFence(facts).fence) {
        this.#ask(node, own, facts);
        return;
      }
      if (facts.cause !== undefined && facts.endedAt !== undefined) this.#perhapsConfirm(node, own, facts);
    }
  }

  #factsOf(node: string, own: OwnSession): FenceFacts {
    const { times, bug } = this.#given.world();
    const peers = this.#given.peers();
    const held = [...peers.claims].find(([, { record }]) => record.node === node && !record.clean);
    const survivors = nodes.filter((one) => one !== node && (one === own.node || peers.live.includes(one)));
    const seen = peers.fenceOf(node);
    const isBlind = bug === 'a fence twice for one cause' && seen !== undefined;
    return {
      now: this.#given.clock(),
      own,
      node,
      session: peers.sessionOf(node),
      endedAt: peers.endedAt(node),
      cause: held === undefined ? undefined : { hierarchy: held[0], revision: held[1].revision },
      fence: isBlind ? { ...seen, record: { ...seen.record, session: 'forgotten' } } : seen,
      others: peers.fenced.filter((one) => one !== node).map((one) => peers.fenceOf(one)!),
      turnRevision: peers.fenceTurn,
      delay: 200 * survivors.indexOf(own.node),
      retry: { after: 500, atMost: 2_000 },
      takeAfter: bug === 'a fence that is forgotten with the session that asked for it' ? 0 : times.takeAfter,
    };
  }

  #ask(node: string, own: OwnSession, facts: FenceFacts): void {
    const mine = this.#begin();
    const transaction = askFence(facts, {
      at: 0,
      why: 'silent',
      tries: (facts.fence?.record.tries ?? 0) + 1,
    });
    // Without an answer nobody knows whether it was asked: the next look sees it.
    this.#given.soon(answerGivenUpAfter, () => this.#end(mine, 'asking'));
    this.#given.send(transaction, (answer) => {
      if (this.#running !== mine || this.#phase !== 'asking') return;
      if (answer?.ok !== true) this.#end(mine, 'asking');
      else
        this.#cut(mine, node, own, {
          record: transaction.write[0]!.value as FenceRecord,
          revision: answer.revision,
          sessionRevision: facts.session!.revision,
        });
    });
  }

  #cut(
    mine: number,
    node: string,
    own: OwnSession,
    asked: Readonly<{ record: FenceRecord; revision: number; sessionRevision: number }>,
  ): void {
    this.#phase = 'cutting';
    const world = this.#given.world();
    // Asked right before the device is told; what the device then does nobody can take back.
    if (!this.#given.mayAct() || this.#given.own()?.id !== own.id) {
      this.#end(mine, 'cutting');
      return;
    }
    const works = world.often(this.#isQuick === true ? 0.3 : 0.8);
    world.after(world.between(10, 1_500), () => {
      if (works) world.fence(node, own);
      this.#given.soon(1, () => {
        if (this.#running === mine)
          this.#write(mine, node, own, asked, works ? 'confirmed' : 'failed', endingTries);
      });
    });
  }

  #write(
    mine: number,
    node: string,
    own: OwnSession,
    asked: Readonly<{ record: FenceRecord; revision: number; sessionRevision: number }>,
    state: 'confirmed' | 'failed',
    tries: number,
  ): void {
    if (this.#running !== mine) return;
    if (tries === 0 || this.#given.own()?.id !== own.id) {
      this.#running = undefined;
      return;
    }
    let isAnswered = false;
    const ending = { state, says: '', at: 0 };
    this.#given.send(endFence(own, node, asked, asked.sessionRevision, ending), (answer) => {
      isAnswered = true;
      if (this.#running === mine) this.#running = undefined;
      if (answer?.ok !== true) this.#leave(node, own, answer?.entries ?? []);
    });
    this.#given.soon(answerGivenUpAfter, () => {
      if (!isAnswered) this.#write(mine, node, own, asked, state, tries - 1);
    });
  }

  /** A person confirmed it meanwhile: no device is at work for it any more. */
  #leave(node: string, own: OwnSession, entries: readonly Entry[]): void {
    const entry = entries.find(({ key }) => key === `fence/${node}`);
    const record = entry?.value as FenceRecord | undefined;
    if (entry === undefined || record?.isAtWork !== true || record.bySession !== own.id) return;
    this.#given.send(leaveFence(own, node, { record, revision: entry.revision }), () => undefined);
  }

  /** A person has looked, and seen that nothing runs there. */
  #perhapsConfirm(node: string, own: OwnSession, { session, fence }: FenceFacts): void {
    const world = this.#given.world();
    if (
      session?.record.endedBy === undefined ||
      !world.often(this.#isQuick ? 0.3 : 0.01) ||
      !world.runsNothing(node)
    )
      return;
    const said = { person: 'somebody', why: 'seen', at: 0 };
    this.#given.send(confirmByPerson(own, node, session, fence, said), () => undefined);
  }

  /** The planted bug: whoever gives no sign of life here loses its power, and nobody is asked. */
  #fenceOnSilence(node: string, own: OwnSession): void {
    const silent = this.#given.peers().endingsDue(own, this.#given.clock() + 300);
    if (silent.some(({ when }) => when[1]!.key === `session/${node}`)) this.#given.world().fence(node, own);
  }

  #phase: 'asking' | 'cutting' = 'asking';

  #begin(): number {
    this.#count += 1;
    this.#running = this.#count;
    this.#phase = 'asking';
    return this.#count;
  }

  #end(mine: number, phase: 'asking' | 'cutting'): void {
    if (this.#running === mine && this.#phase === phase) this.#running = undefined;
  }
}
