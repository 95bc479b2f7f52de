import type { BeatTimes, Millis } from '@holdfast/core';
import type { Clock } from '@holdfast/engine';
import type { ClusterStore } from '@holdfast/store';
import type { KeeperEars, KeeperPort, Log } from '../ports.ts';
import { AgentCare, type AgentCareCommand, type AgentCareRules } from './agentCare.ts';
import { beatKeys } from './beatRecords.ts';
import type { BootClock } from './bootClock.ts';
import { fenceKeys } from './fenceRecord.ts';
import { judgeJoin } from './fenceRules.ts';
import type { RightLost } from './judgeRight.ts';
import { OwnSessionKeeper, type SessionCommand } from './ownSession.ts';
import { SeenPeers } from './seenPeers.ts';
import { judgeAdoption } from './sessionRules.ts';
import { WayOut, type WayOutPorts } from './wayOut.ts';

/** What bites when it is not kicked for its timeout, whatever has become of this process. */
export type Watchdog = Readonly<{
  /** It runs from here, also after this process has died. Does nothing when it runs already. */
  arm: () => Promise<void>;
  /** Puts it off, for its whole timeout. Does nothing while it is not armed. */
  kick: () => void;
}>;

export type KeeperPorts = Omit<WayOutPorts, 'dropMs'> &
  Readonly<{
    node: string;
    boot: string;
    times: BeatTimes;
    care: AgentCareRules;
    store: ClusterStore;
    bootClock: BootClock;
    clock: Clock;
    log: Log;
    /** Never the same twice, on any node. */
    newSessionId: () => string;
    /** Left out where the node has none. */
    watchdog?: Watchdog;
    /** Ends the agent that is attached, at once. */
    killAgent: () => void;
    /** Starts an agent in the place of the one that is gone; nothing where a service manager does. */
    startAgent: () => void;
  }>;

/** Between two tries to begin a session. */
const beginAgainAfter = 100;

/**
 * Keeps this node's right to act: its session, its beats, its watchdog, and an agent that uses it. It knows no kit, and
 * nothing of it waits for the agent: beats go on while the agent, or one that is started in its place, completes turns,
 * and when the right is over what runs is let go of by what was told before.
 *
 *   idle --runs, or a session--> armed --right is over--> dropping --all is down--> idle
 *                                                             +--D is over--> the node goes down
 */
export class Keeper {
  readonly #ports: KeeperPorts;
  readonly #session: OwnSessionKeeper;
  readonly #care: AgentCare;
  readonly #wayOut: WayOut;
  /** As it was when a session was last to begin. */
  readonly #seen: SeenPeers;
  readonly #stopping = new AbortController();
  #agent: KeeperEars | undefined;
  /** A session is asked for, which takes over these; what runs of them waits for it until then, and no longer. */
  #wanted: Readonly<{ runs: readonly string[]; until: Millis }> | undefined;
  /** What the session that is there, or is begun, took over. */
  #carriesOver: readonly string[] = [];
  #isBeginning = false;
  #beginAt: Millis = 0;
  #kickedAt: Millis = 0;
  #complaint: string | undefined;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
    this.#session = new OwnSessionKeeper(ports.node, ports.times);
    this.#care = new AgentCare(ports.care);
    this.#seen = new SeenPeers(ports.times);
    this.#wayOut = new WayOut({ ...ports, dropMs: ports.times.drop });
  }

  get phase(): KeeperPort['phase'] {
    if (this.#wayOut.hasBegun) return 'dropping';
    return this.#wayOut.mayRun || this.#session.own !== undefined ? 'armed' : 'idle';
  }

  /** One died that is started again. */
  get awaitsAgent(): boolean {
    return this.#care.isAwaited;
  }

  /** Somebody has looked, and nothing is here, nor a session: no watchdog is needed. */
  get isSurelyDown(): boolean {
    return this.#wayOut.isSurelyDown && this.#session.state.phase === 'out';
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    const { clock, times } = this.#ports;
    while (!this.#stopping.signal.aborted) {
      this.tick();
      await clock.sleep(times.tickEvery, this.#stopping.signal);
    }
  }

  /** Nothing more is done, as if this process had died. */
  stop(): void {
    this.#stopping.abort();
  }

  /** The agent of this node. Undefined while another is there: two would act on it twice. */
  attach(ears: KeeperEars): KeeperPort | undefined {
    if (this.#agent !== undefined) return undefined;
    this.#agent = ears;
    const now = (): Millis => this.#ports.bootClock.now();
    this.#care.came(now());
    // What an agent says that was taken for gone counts no more.
    const ifHere = (act: () => void): void => {
      if (this.#agent === ears) act();
    };
    return {
      phase: this.phase,
      isToLeave: this.#care.isToLeave,
      begin: (runs) => ifHere(() => this.#want(runs, now())),
      runs: (anything, levels) => ifHere(() => this.#wayOut.take({ anything, levels })),
      turned: () => ifHere(() => this.#care.turned(now())),
      allIsDown: () => ifHere(() => this.#allIsDown()),
      close: () =>
        ifHere(() => {
          this.#agent = undefined;
          this.#care.gone(now());
        }),
    };
  }

  /** Called every few milliseconds. */
  tick(): void {
    const now = this.#ports.bootClock.now();
    this.#carryOut(this.#session.tick(now));
    // It waits for a session, and for nothing of its own.
    if (this.#wanted !== undefined) this.#care.turned(now);
    for (const command of this.#care.tick(now)) this.#careFor(command, now);
    this.#wayOut.tick(now);
    if (this.#session.state.phase === 'out' && !this.#wayOut.hasBegun) this.#tickWithoutSession(now);
    this.#kickWhenIdle(now);
  }

  #tickWithoutSession(now: Millis): void {
    const wanted = this.#wanted;
    // What runs without a right, and without one that is about to begin, must not go on.
    if (this.#wayOut.mayRun && (wanted === undefined || now >= wanted.until)) this.#drop('not-renewed', now);
    else if (wanted !== undefined && !this.#isBeginning && now >= this.#beginAt) {
      this.#isBeginning = true;
      void this.#begin(wanted.runs).finally(() => {
        this.#isBeginning = false;
        this.#beginAt = this.#ports.bootClock.now() + beginAgainAfter;
      });
    }
  }

  /**
   * With nothing here and no session, nobody can be harmed by what this node goes on doing; and a watchdog that runs
   * would only take down a node that waits for its store.
   */
  #kickWhenIdle(now: Millis): void {
    if (!this.#wayOut.isSurelyDown || this.#session.state.phase === 'holding') return;
    if (now - this.#kickedAt < this.#ports.times.renewEvery) return;
    this.#kickedAt = now;
    this.#ports.watchdog?.kick();
  }

  #want(runs: readonly string[], now: Millis): void {
    this.#care.turned(now);
    // Another life of the agent goes on under the session that is there.
    if (this.#session.state.phase === 'holding') {
      this.#tellRight();
      return;
    }
    this.#wanted = {
      runs,
      until: runs.length === 0 ? Number.POSITIVE_INFINITY : now + this.#ports.times.right,
    };
  }

  async #begin(runs: readonly string[]): Promise<void> {
    const { node, boot, bootClock, clock, newSessionId, store, watchdog } = this.#ports;
    try {
      await this.#lookAround(store);
      const before = this.#seen.sessionOf(node);
      const facts = { runs, claims: this.#seen.claims, before: before?.record, boot };
      const { adopted, dropFirst } = judgeAdoption(facts);
      // It runs before anything may run under the session.
      await watchdog?.arm();
      if (this.#wanted?.runs !== runs || this.#wayOut.hasBegun || this.#stopping.signal.aborted) return;
      if (dropFirst.length > 0) return this.#drop('not-renewed', bootClock.now());
      const now = bootClock.now();
      const { takeAfter } = this.#ports.times;
      const judged = judgeJoin(node, boot, this.#seen.fenceOf(node), { now, takeAfter });
      if (!judged.join) {
        this.#agent?.onMayNotJoin(judged);
        return;
      }
      const fence = { condition: judged.fence, closes: judged.closes };
      this.#carriesOver = runs;
      const guarded = watchdog === undefined ? {} : { watchdog: true };
      const session = { id: newSessionId(), boot, begunAt: clock.wall(), ...guarded };
      this.#carryOut(this.#session.begin({ session, before, adopted, fence, now }));
    } catch (error) {
      this.#complain('session-not-begun', error);
    }
  }

  /**
   * There is no watch here: what a session rests on is read at each try to begin one. That it is read in three moments
   * does not matter, as what begins is conditioned on each record that it used.
   */
  async #lookAround(store: ClusterStore): Promise<void> {
    const read = [];
    for (const prefix of [beatKeys.sessions, beatKeys.claims, fenceKeys.fences])
      read.push(...(await store.read(prefix)).entries);
    this.#seen.takeAll(read, this.#ports.bootClock.now());
  }

  /** What is tried several times in a second is told once. */
  #complain(event: string, error: unknown): void {
    if (this.#complaint === event) return;
    this.#complaint = event;
    const says = 'the store does not answer as it should; it is tried again';
    this.#ports.log.warn({ event, error: String(error) }, says);
  }

  #carryOut(commands: readonly SessionCommand[]): void {
    for (const command of commands) {
      if (command.do === 'kick') this.#ports.watchdog?.kick();
      else if (command.do === 'drop') this.#drop(command.because, this.#ports.bootClock.now());
      else void this.#send(command);
    }
  }

  async #send({ attempt, transaction }: Extract<SessionCommand, { do: 'send' }>): Promise<void> {
    const { store, bootClock, log } = this.#ports;
    // Whatever the store throws, no right comes of it.
    const committed = await store.transact(transaction).catch((error: unknown) => {
      this.#complain('beat-unanswered', error);
      return undefined;
    });
    if (committed !== undefined && this.#complaint !== undefined) {
      this.#complaint = undefined;
      log.info({ event: 'store-answers' }, 'the store answers again');
    }
    if (this.#stopping.signal.aborted) return;
    this.#carryOut(this.#session.answered(attempt, committed, bootClock.now()));
    this.#tellRight();
  }

  #tellRight(): void {
    const { state } = this.#session;
    if (state.phase !== 'holding') return;
    const runs = this.#wanted?.runs ?? [];
    this.#wanted = undefined;
    // The agent for which it was begun is gone, and the next one found more: that is under no claim of this session.
    if (!runs.every((hierarchy) => this.#carriesOver.includes(hierarchy))) {
      this.#carryOut(this.#session.giveUp('not-renewed', this.#ports.bootClock.now()));
      return;
    }
    this.#agent?.onRight(state.own, state.right.until);
  }

  #careFor(command: AgentCareCommand, now: Millis): void {
    const { log, killAgent, startAgent } = this.#ports;
    switch (command) {
      case 'ask':
        this.#agent?.onAsk();
        return;
      case 'kill':
        log.error(
          { event: 'agent-hangs' },
          'the agent completes no turn: it is ended, and another is started',
        );
        killAgent();
        return;
      case 'start':
        log.warn({ event: 'agent-gone' }, 'the agent is gone: another is started in its place');
        startAgent();
        return;
      case 'give-up':
        log.error({ event: 'agent-given-up' }, 'no agent stays here: what it ran is let go of');
        this.#carryOut(this.#session.giveUp('agent-gone', now));
        return;
      case 'node-down':
        this.#wayOut.goDown('no agent stays here');
    }
  }

  /** A right that is over does not come back: what runs is let go of to its end, whatever is heard meanwhile. */
  #drop(because: RightLost, now: Millis): void {
    this.#ports.log.error(
      { event: 'right-lost', because },
      'the right to act is lost: everything is taken down',
    );
    this.#wanted = undefined;
    if (this.#wayOut.mayRun) this.#wayOut.begin(now);
    else this.#session.dropped();
    // It may be about to tell of what it has just begun; it looks, and says so.
    if (this.#agent !== undefined) this.#wayOut.forget();
    this.#agent?.onLost(because);
  }

  /** Somebody has looked. The session is left to end, and the next agent has one of its own. */
  #allIsDown(): void {
    this.#wayOut.allIsDown();
    this.#session.dropped();
    this.#wanted = undefined;
    this.#care.left();
  }
}
