import type { BeatTimes, Millis } from '@holdfast/core';
import type { Clock } from '@holdfast/engine';
import { type Changes, type ClusterStore, Compacted, type Snapshot } from '@holdfast/store';
import type { Log } from '../ports.ts';
import type { BootClock } from './bootClock.ts';
import { type JoinVerdict, judgeJoin } from './fenceRules.ts';
import type { RightLost } from './judgeRight.ts';
import { OwnSessionKeeper, type SessionCommand } from './ownSession.ts';
import { SeenPeers } from './seenPeers.ts';
import { judgeAdoption, type OwnSession } from './sessionRules.ts';

export type BeatPorts = Readonly<{
  node: string;
  boot: string;
  times: BeatTimes;
  store: ClusterStore;
  bootClock: BootClock;
  clock: Clock;
  log: Log;
  /** Never the same twice, on any node. */
  newSessionId: () => string;
  /** The hierarchies of which anything may run here. */
  runsHere: () => readonly string[];
  /** Puts off the watchdog, for its whole timeout. */
  kick: () => void;
  /** How long the right lasts, each time that it becomes longer. */
  onRight?: (until: Millis) => void;
  /** Everything that was read, and each change after it, in the order of revisions: there is one watch on a node. */
  onRead?: (snapshot: Snapshot) => void;
  onChanges?: (changes: Changes) => void;
  /** Others make sure that this node is down, or were told that it is: it does not join. */
  onMayNotJoin?: (verdict: Extract<JoinVerdict, { join: false }>) => void;
  /** Takes everything down. Ends when it is down and verified; a drop that cannot end takes the node down. */
  drop: (because: RightLost, withinMs: Millis) => Promise<void>;
}>;

/** Between two tries to read everything. */
const readAgainAfter = 100;

/**
 * Keeps this node's session and beats, and watches those of the others: the shell around the rules. It decides nothing
 * itself; each answer, each event and each tick goes to them with the boot clock of that moment.
 */
export class BeatKeeper {
  readonly peers: SeenPeers;
  readonly #ports: BeatPorts;
  readonly #session: OwnSessionKeeper;
  readonly #stopping = new AbortController();
  /** Everything was read since the last drop, and the watch goes on from there. */
  #isInformed = false;
  #mustReadAgain = new AbortController();
  #isDropping = false;

  constructor(ports: BeatPorts) {
    this.#ports = ports;
    this.#session = new OwnSessionKeeper(ports.node, ports.times);
    this.peers = new SeenPeers(ports.times);
  }

  /** Asked before each step. */
  mayAct(): boolean {
    return this.#isInformed && this.#session.mayAct(this.#ports.bootClock.now());
  }

  get own(): OwnSession | undefined {
    return this.#session.own;
  }

  /** Runs until `stop`. A session that lives then is left to end by itself, or to be adopted. */
  async run(): Promise<void> {
    await Promise.all([this.#tickOn(), this.#watchOn()]);
  }

  stop(): void {
    this.#stopping.abort();
    this.#mustReadAgain.abort();
  }

  async #tickOn(): Promise<void> {
    const { clock, times, bootClock } = this.#ports;
    while (!this.#stopping.signal.aborted) {
      this.#carryOut(this.#session.tick(bootClock.now()));
      if (this.#session.state.phase === 'out') this.#begin();
      await clock.sleep(times.tickEvery, this.#stopping.signal);
    }
  }

  async #watchOn(): Promise<void> {
    const { store, clock, bootClock, log } = this.#ports;
    while (!this.#stopping.signal.aborted) {
      this.#mustReadAgain = new AbortController();
      try {
        const snapshot = await store.read('');
        this.peers.takeAll(snapshot.entries, bootClock.now());
        this.#ports.onRead?.(snapshot);
        this.#isInformed = true;
        for await (const changes of store.watch('', snapshot.revision, this.#mustReadAgain.signal)) {
          this.peers.take(changes.entries, bootClock.now());
          this.#ports.onChanges?.(changes);
        }
      } catch (error) {
        if (!(error instanceof Compacted))
          log.warn({ event: 'store-failed', error: String(error) }, 'peers cannot be watched; trying again');
        await clock.sleep(readAgainAfter, this.#stopping.signal);
      }
    }
  }

  #begin(): void {
    if (this.#isDropping || !this.#isInformed) return;
    const { node, boot, bootClock, clock, newSessionId, runsHere } = this.#ports;
    const before = this.peers.sessionOf(node);
    const facts = { runs: runsHere(), claims: this.peers.claims, before: before?.record, boot };
    const { adopted, dropFirst } = judgeAdoption(facts);
    if (dropFirst.length > 0) {
      this.#drop('not-renewed');
      return;
    }
    const now = bootClock.now();
    const { takeAfter } = this.#ports.times;
    const judged = judgeJoin(node, boot, this.peers.fenceOf(node), { now, takeAfter });
    if (!judged.join) {
      this.#ports.onMayNotJoin?.(judged);
      return;
    }
    const fence = { condition: judged.fence, closes: judged.closes };
    const session = { id: newSessionId(), boot, begunAt: clock.wall() };
    this.#carryOut(this.#session.begin({ session, before, adopted, fence, now }));
  }

  #carryOut(commands: readonly SessionCommand[]): void {
    for (const command of commands) {
      if (command.do === 'kick') this.#ports.kick();
      else if (command.do === 'drop') this.#drop(command.because);
      else void this.#send(command);
    }
  }

  async #send({ attempt, transaction }: Extract<SessionCommand, { do: 'send' }>): Promise<void> {
    const { store, bootClock, log } = this.#ports;
    // Whatever the store throws, no right comes of it.
    const committed = await store.transact(transaction).catch((error: unknown) => {
      log.warn({ event: 'beat-unanswered', attempt, error: String(error) }, 'a beat was not answered');
      return undefined;
    });
    if (this.#stopping.signal.aborted) return;
    this.#carryOut(this.#session.answered(attempt, committed, bootClock.now()));
    const { state } = this.#session;
    if (state.phase === 'holding') this.#ports.onRight?.(state.right.until);
    // What stood there when the session was to begin has changed: the next try is made from what stands now.
    if (this.#session.state.phase === 'out') this.#readAgain();
  }

  #drop(because: RightLost): void {
    if (this.#isDropping) return;
    this.#isDropping = true;
    const { drop, times, log } = this.#ports;
    log.error({ event: 'right-lost', because }, 'the right to act is lost: everything is taken down');
    void drop(because, times.drop).then(() => {
      this.#isDropping = false;
      this.#session.dropped();
      this.#readAgain();
    });
  }

  #readAgain(): void {
    this.#isInformed = false;
    this.#mustReadAgain.abort();
  }
}
