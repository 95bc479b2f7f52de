import type { Committed, Entry, Transaction } from '@holdfast/store';
import { AgentCare, type AgentCareCommand } from '../../src/keeper/agentCare.ts';
import { beatKeys, type HeldClaim } from '../../src/keeper/beatRecords.ts';
import { type JoinVerdict, judgeJoin } from '../../src/keeper/fenceRules.ts';
import { OwnSessionKeeper, type SessionCommand } from '../../src/keeper/ownSession.ts';
import { SeenPeers, type TakeVerdict } from '../../src/keeper/seenPeers.ts';
import {
  cleanClaim,
  judgeAdoption,
  type OwnSession,
  type ProofOfClean,
  takeClaim,
} from '../../src/keeper/sessionRules.ts';
import { SimulatedFencing } from './simulatedFencing.ts';
import { hierarchies, type SimulatedWorld } from './simulatedWorld.ts';

export type FaultKind =
  | 'freeze'
  | 'crash'
  | 'crash-twice'
  | 'slow'
  | 'watch-lags'
  | 'keeper-dies'
  | 'keeper-restarts'
  | 'clock-set'
  | 'suspend'
  | 'release'
  | 'agent-hangs'
  | 'agent-dies'
  | 'agent-dies-in-release'
  | 'keeper-dies-alone';

const answerGivenUpAfter = 400;

/** Shorter than the shipped ones, so that a short story has all of it. */
const care = {
  ...{ askEvery: 300, hangsAfter: 1_500, startsWithin: 4_000, turnWithin: 6_000 },
  restarts: { most: 2, within: 600_000, afterwards: 'release' },
} as const;

/** A node: the shipped rules of keeper and agent, what runs, its clocks and its watchdog. */
export class SimulatedMember {
  readonly name: string;
  readonly runs = new Set<string>();
  readonly #world: SimulatedWorld;
  readonly #rate: number;
  /** Counts the boots; what was begun before the last one never ends. */
  #boots = 0;
  /** Counts the lives of the keeper. */
  #life = 0;
  #isUp = false;
  #frozenUntil = 0;
  #suspendedFor = 0;
  #clockSet = 0;
  #slowUntil = 0;
  #slowBy = 0;
  #lagsUntil = 0;
  #keeperIsDead = false;
  #kickedAt = 0;
  #session!: OwnSessionKeeper;
  #peers!: SeenPeers;
  /** Reading everything: 'asked' until the answer comes. */
  #reading: 'not' | 'asked' | 'watching' = 'not';
  #isFed = false;
  #nextTold = 0;
  /** What the planted bugs remember. */
  readonly #mistaken = new Map<string, number>();
  #sessions = 0;
  #care!: AgentCare;
  #hasAgent = false;
  /** Counts the lives of the agent. */
  #agentLife = 0;
  #agentHangsUntil = 0;
  #isAsked = false;
  /** What an agent's transactions rest on beside its session, once it goes on under that of another. */
  #turnRevision = 0;
  #isSettled = false;
  #isDropping = false;
  #begunAt = 0;
  /** One transaction on a claim at a time. */
  readonly #busy = new Map<string, number>();
  #busyCount = 0;
  readonly #fencing = new SimulatedFencing({
    world: () => this.#world,
    clock: () => this.#clock(),
    peers: () => this.#peers,
    own: () => this.#session.own,
    mayAct: () => this.#session.mayAct(this.#clock()),
    send: (transaction, then) => this.#sendOfAgent(transaction, then),
    soon: (delay, act) => this.#soon(delay, this.#boots, act),
  });

  constructor(world: SimulatedWorld, name: string) {
    this.#world = world;
    this.name = name;
    this.#rate = world.between(0.99, 1.01);
  }

  boot(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.#boots += 1;
    this.#isDropping = false;
    this.#kick();
    this.#startKeeper();
    this.#tick(this.#boots);
  }

  suffer(kind: FaultKind): void {
    const world = this.#world;
    switch (kind) {
      case 'freeze':
        this.#frozenUntil = Math.max(this.#frozenUntil, world.now + world.between(100, 6_000));
        break;
      case 'suspend': {
        const span = world.between(300, 6_000);
        this.#frozenUntil = Math.max(this.#frozenUntil, world.now + span);
        this.#suspendedFor += span;
        break;
      }
      case 'crash':
        this.#die();
        break;
      case 'crash-twice':
        // What the boot between had sent may come after the next one has begun.
        this.#die(300);
        this.#slowUntil = world.now + 1_000;
        this.#slowBy = 4_000;
        world.after(world.between(350, 1_500), () => this.#die(300));
        break;
      case 'watch-lags':
        this.#lagsUntil = world.now + world.between(3_000, 8_000);
        break;
      case 'slow':
        this.#slowUntil = world.now + world.between(500, 6_000);
        this.#slowBy = world.between(200, 4_000);
        break;
      case 'keeper-dies':
        this.#keeperIsDead = true;
        break;
      case 'keeper-dies-alone':
        this.#keeperIsDead = true;
        this.#drop();
        break;
      case 'agent-hangs':
        this.#agentHangsUntil = world.now + world.between(500, 9_000);
        break;
      case 'agent-dies':
        this.#agentDies();
        break;
      case 'agent-dies-in-release':
        // What it had sent comes when the next one is at work.
        this.#slowUntil = world.now + 100;
        this.#slowBy = 4_000;
        this.#release();
        this.#agentDies();
        break;
      case 'keeper-restarts':
        if (this.#isUp && !this.#keeperIsDead) this.#startKeeper();
        break;
      case 'clock-set':
        this.#clockSet += world.between(-8_000, 8_000);
        break;
      case 'release':
        this.#release();
    }
  }

  /** What the watch tells, in order. */
  told(changes: readonly Entry[]): void {
    if (!this.#isUp || this.#reading !== 'watching') return;
    this.#deliver(() => this.#peers.take(changes, this.#clock()));
  }

  /** The boot clock of this node, unless the planted bug is to use another. */
  #clock(): number {
    const { now, bug } = this.#world;
    if (bug === 'a deadline on the wall clock') return now + this.#clockSet;
    if (bug === 'a clock that does not count suspend') return now * this.#rate - this.#suspendedFor;
    return now * this.#rate;
  }

  #startKeeper(): void {
    const { times, bug } = this.#world;
    this.#life += 1;
    this.#keeperIsDead = false;
    const longer = bug === 'a right that lasts longer than the peers count' ? times.drop : 0;
    this.#session = new OwnSessionKeeper(this.name, { ...times, right: times.right + longer });
    this.#care = new AgentCare(care);
    this.#startAgent();
  }

  /** Under the session that is there, or before there is one. It knows nothing of the agent before it. */
  #startAgent(): void {
    const { times, bug } = this.#world;
    this.#agentLife += 1;
    this.#hasAgent = true;
    this.#agentHangsUntil = 0;
    this.#isSettled = false;
    this.#care.came(this.#clock());
    this.#peers = new SeenPeers(
      bug === 'a takeover before the wait is over' ? { ...times, takeAfter: 0 } : times,
    );
    this.#mistaken.clear();
    this.#isFed = false;
    this.#reading = 'not';
    this.#busy.clear();
    this.#fencing.forget();
  }

  #tick(boot: number): void {
    this.#soon(this.#world.times.tickEvery * this.#world.between(1, 1.3), boot, () => {
      if (!this.#keeperIsDead) this.#turn();
      this.#tick(boot);
    });
  }

  /** A device of the world outside did it. */
  losePower(): void {
    this.#world.tell(`${this.name} loses its power`);
    this.#die();
  }

  #turn(): void {
    const now = this.#clock();
    this.#carryOut(this.#session.tick(now));
    // An agent that waits for a session waits for nothing of its own.
    if (this.#session.state.phase !== 'holding') this.#care.turned(now);
    for (const command of this.#care.tick(now)) this.#careFor(command, now);
    this.#kickWhenIdle();
    if (!this.#hasAgent || this.#world.now < this.#agentHangsUntil) return;
    if (this.#isAsked) this.#care.turned(now);
    this.#isAsked = false;
    this.#turnOfAgent(now);
  }

  #kickWhenIdle(): void {
    if (this.#session.state.phase === 'holding') return;
    const isSurelyDown = this.runs.size === 0 && this.#isFed && !this.#isDropping;
    if (isSurelyDown || this.#world.bug === 'a kick while something runs without a right') this.#kick();
  }

  #careFor(command: AgentCareCommand, now: number): void {
    if (command === 'ask') this.#isAsked = true;
    else if (command === 'kill') this.#agentDies();
    else if (command === 'start') {
      const life = this.#agentLife;
      this.#soon(this.#world.between(100, 3_000), this.#boots, () => {
        if (!this.#keeperIsDead && !this.#hasAgent && this.#agentLife === life) this.#startAgent();
      });
    } else {
      this.#world.tell(`${this.name} gives up on its agents`);
      this.#carryOut(this.#session.giveUp('agent-gone', now));
    }
  }

  #agentDies(): void {
    if (!this.#hasAgent) return;
    this.#hasAgent = false;
    this.#care.gone(this.#clock());
  }

  #turnOfAgent(now: number): void {
    const { state } = this.#session;
    if (state.phase === 'out') this.#begin();
    else if (state.phase === 'holding' && this.#reading === 'not') this.#goOn(state.own);
    const own = this.#session.own;
    if (own === undefined || !this.#session.mayAct(now) || this.#reading !== 'watching' || !this.#isFed)
      return;
    if (!this.#isSettled) this.#resume(own);
    this.#world.checkMayAct(this.name, own.id);
    this.#endOthers();
    for (const hierarchy of hierarchies) this.#considerTaking(hierarchy);
    if (this.#world.hasFences) this.#fencing.look(own);
  }

  /** What the agent before had sent rests on what this changes, so it comes too late; then everything is read. */
  #goOn(own: OwnSession): void {
    if (this.#world.bug === 'an agent that does not settle what the one before it had sent') {
      this.#readAll();
      return;
    }
    this.#reading = 'asked';
    const life = this.#agentLife;
    const isMine = (): boolean => this.#agentLife === life && this.#reading === 'asked';
    this.#soon(500, this.#boots, () => {
      if (isMine()) this.#reading = 'not';
    });
    const settling = {
      when: [{ key: beatKeys.session(this.name), revision: own.revision }],
      write: [{ key: `turn/${this.name}`, value: life }],
    };
    this.#request(
      () => this.#world.store.transact(settling),
      (answer) => {
        if (!isMine() || !answer.ok) return;
        this.#turnRevision = answer.revision;
        this.#readAll();
      },
    );
  }

  /** Under the session of the agent before: what is ours is ours without another claim, and nothing else may run. */
  #resume(own: OwnSession): void {
    this.#isSettled = true;
    for (const hierarchy of hierarchies) {
      const claim = this.#peers.claims.get(hierarchy)?.record;
      const isOurs = claim !== undefined && claim.session === own.id && !claim.clean;
      if (isOurs && !this.runs.has(hierarchy)) this.#restore(hierarchy);
      else if (!isOurs) this.runs.delete(hierarchy);
    }
  }

  #endOthers(): void {
    const own = this.#session.own;
    if (own === undefined) return;
    if (this.#world.bug === 'a takeover that does not end the session') {
      this.#noteSilent(own);
      return;
    }
    for (const transaction of this.#peers.endingsDue(own, this.#clock())) {
      if (this.#world.bug === 'an ending without a look at the beat')
        this.#sendOfAgent({ ...transaction, when: transaction.when.slice(0, 2) });
      else this.#sendOfAgent(transaction);
    }
  }

  /** The planted bug: whoever is silent is taken for gone, and nothing is written about it. */
  #noteSilent(own: OwnSession): void {
    const silent = this.#peers
      .endingsDue(own, this.#clock())
      .map(({ when }) => when[1]!.key.slice(beatKeys.sessions.length));
    for (const node of [...this.#mistaken.keys()]) if (!silent.includes(node)) this.#mistaken.delete(node);
    for (const node of silent) if (!this.#mistaken.has(node)) this.#mistaken.set(node, this.#clock());
  }

  /** What the planted bugs take although the shipped rules do not. */
  #takesByMistake(hierarchy: string, own: OwnSession, verdict: TakeVerdict): Transaction | undefined {
    const { bug, times } = this.#world;
    const claim = this.#peers.claims.get(hierarchy);
    if (claim === undefined || verdict.take) return undefined;
    const { node } = claim.record;
    const isOver = (since: number | undefined): boolean =>
      since !== undefined && this.#clock() - since >= times.takeAfter;
    const fence = this.#peers.fenceOf(node);
    const session = this.#peers.sessionOf(node);
    if (bug === 'a restore before the fence is confirmed' && fence?.record.session === session?.record.id)
      if (fence?.record.state === 'asked' && session?.record.endedBy !== undefined)
        return takeClaim(own, hierarchy, claim, { node, revision: session.revision });
    if (bug === 'a takeover that does not end the session' && isOver(this.#mistaken.get(node)))
      return takeClaim(own, hierarchy, claim, undefined);
    if (bug !== 'an end that is remembered per node' || verdict.because !== 'time-is-not-over')
      return undefined;
    if (!this.#mistaken.has(node)) this.#mistaken.set(node, this.#clock());
    return isOver(this.#mistaken.get(node)) ? takeClaim(own, hierarchy, claim, undefined) : undefined;
  }

  #considerTaking(hierarchy: string): void {
    const own = this.#session.own;
    if (own === undefined || this.runs.has(hierarchy) || this.#busy.has(hierarchy)) return;
    const verdict = this.#peers.judgeTake(hierarchy, own, this.#clock());
    const mistake = this.#takesByMistake(hierarchy, own, verdict);
    if (mistake !== undefined) this.#takeBy(hierarchy, mistake);
    else if (verdict.take) this.#takeBy(hierarchy, verdict.transaction);
    else if (verdict.because === 'own-earlier-life') this.#clean(hierarchy, 'checked-after-boot');
    else if (verdict.because === 'already-ours') {
      if (this.#world.bug === 'a restore while a release is under way') this.#restore(hierarchy);
      else this.#takeBy(hierarchy, this.#peers.retake(hierarchy, own));
    }
  }

  #takeBy(hierarchy: string, transaction: Transaction): void {
    const own = this.#session.own;
    const done = this.#occupy(hierarchy);
    const unguarded = transaction.when.slice(1);
    const sent =
      this.#world.bug === 'a takeover without its own session'
        ? { ...transaction, when: unguarded }
        : transaction;
    this.#sendOfAgent(sent, (answer) => {
      if (!done() || answer?.ok !== true || this.#session.own?.id !== own?.id) return;
      this.#world.takeovers += 1;
      this.#restore(hierarchy);
    });
  }

  #restore(hierarchy: string): void {
    if (!this.#session.mayAct(this.#clock()) || this.#isDropping) return;
    this.runs.add(hierarchy);
    this.#world.tell(`${this.name} runs ${hierarchy}`);
    this.#world.checkRuns(hierarchy);
  }

  #release(): void {
    const [hierarchy] = this.runs;
    if (
      !this.#isUp ||
      this.#keeperIsDead ||
      !this.#hasAgent ||
      hierarchy === undefined ||
      this.#busy.has(hierarchy)
    )
      return;
    this.runs.delete(hierarchy);
    this.#clean(hierarchy, 'removed');
  }

  #clean(hierarchy: string, proof: ProofOfClean): void {
    const own = this.#session.own;
    const claim = this.#peers.claims.get(hierarchy);
    if (own === undefined || claim === undefined || this.runs.has(hierarchy)) return;
    const done = this.#occupy(hierarchy);
    this.#sendOfAgent(cleanClaim(own, hierarchy, claim, proof), () => done());
  }

  #occupy(hierarchy: string): () => boolean {
    this.#busyCount += 1;
    const mine = this.#busyCount;
    this.#busy.set(hierarchy, mine);
    const done = (): boolean => {
      if (this.#busy.get(hierarchy) !== mine) return false;
      this.#busy.delete(hierarchy);
      return true;
    };
    this.#soon(answerGivenUpAfter, this.#boots, done);
    return done;
  }

  #begin(): void {
    if (this.#isDropping) return;
    if (this.#reading === 'not') this.#readAll();
    if (this.#reading === 'asked' || !this.#isFed) return;
    const before = this.#peers.sessionOf(this.name);
    const boot = `boot-${this.#boots}`;
    const isBlind = this.#world.bug === 'a session that begins while something of an earlier one runs';
    const runs = isBlind ? [] : [...this.runs];
    const { adopted, dropFirst } = judgeAdoption({
      runs,
      claims: this.#peers.claims,
      before: before?.record,
      boot,
    });
    if (dropFirst.length > 0) {
      this.#drop();
      return;
    }
    const judged = this.#judgeJoin(boot);
    if (!judged.join) {
      // It says so to whoever looks, and is rebooted.
      if (judged.because === 'fenced-in-this-boot') this.#die();
      return;
    }
    const fence = { condition: judged.fence, closes: judged.closes };
    // What ran before it is in it, and nothing else is of it.
    this.#isSettled = true;
    this.#sessions += 1;
    const session = { id: `${this.name}-${boot}-${this.#life}-${this.#sessions}`, boot, begunAt: 0 };
    const commands = this.#session.begin({ session, before, adopted, fence, now: this.#clock() });
    this.#begunAt += 1;
    const begun = this.#begunAt;
    // A try that got no answer is given up by its shell, which reads anew.
    this.#soon(1_000, this.#boots, () => {
      if (this.#begunAt !== begun || this.#session.state.phase !== 'beginning') return;
      for (const command of commands)
        if (command.do === 'send')
          this.#carryOut(this.#session.answered(command.attempt, undefined, this.#clock()));
      this.#reading = 'not';
    });
    const isLate = this.#world.bug === 'a session that begins without a look at the one before';
    this.#carryOut(
      commands.map((command) =>
        isLate && command.do === 'send'
          ? { ...command, transaction: { ...command.transaction, when: command.transaction.when.slice(1) } }
          : command,
      ),
    );
  }

  #judgeJoin(boot: string): JoinVerdict {
    const { bug, times } = this.#world;
    const fence = this.#peers.fenceOf(this.name);
    const isForgotten = bug === 'a fence that is forgotten with the session that asked for it';
    const takeAfter = isForgotten ? 0 : times.takeAfter;
    const isBlind = bug === 'a request for an old boot that is not void';
    const seen = bug === 'a joining in a boot that was fenced' ? 'an earlier boot' : boot;
    const now = this.#clock();
    return judgeJoin(
      this.name,
      seen,
      isBlind && fence?.record.state === 'asked' ? { ...fence, askerEndedAt: 0 } : fence,
      {
        now,
        takeAfter,
      },
    );
  }

  #readAll(): void {
    const life = this.#agentLife;
    this.#reading = 'asked';
    const isAsking = (): boolean => this.#reading === 'asked' && this.#agentLife === life;
    this.#soon(500, this.#boots, () => {
      if (isAsking()) this.#reading = 'not';
    });
    this.#request((): readonly Entry[] => {
      if (!isAsking()) return [];
      // The watch begins at the revision of what was read, and tells in order.
      const entries = this.#world.store.all();
      this.#reading = 'watching';
      this.#isFed = false;
      this.#turnRevision = entries.find(({ key }) => key === `turn/${this.name}`)?.revision ?? 0;
      this.#deliver(() => {
        this.#peers.takeAll(entries, this.#clock());
        this.#isFed = true;
      });
      return entries;
    });
  }

  #carryOut(commands: readonly SessionCommand[]): void {
    for (const command of commands) {
      if (command.do === 'kick') this.#kick();
      else if (command.do === 'drop') {
        if (this.#world.bug === 'a claim cleaned on expiry') this.#cleanAtOnce();
        this.#drop();
      } else this.#sendBeat(command.attempt, command.transaction);
    }
  }

  #sendBeat(attempt: number, transaction: Transaction): void {
    const { bug } = this.#world;
    const keeper = this.#session;
    this.#send(transaction, (answer) => {
      if (this.#session !== keeper || answer === undefined) return;
      const now = this.#clock();
      if (answer.ok && bug === 'a kick for every answer, however late') this.#kick();
      this.#carryOut(keeper.answered(attempt, answer, now));
    });
  }

  #cleanAtOnce(): void {
    for (const [hierarchy, { record }] of this.#peers.claims) {
      if (record.node !== this.name) continue;
      const claim: HeldClaim = { ...record, clean: true };
      this.#send({ when: [], write: [{ key: beatKeys.claim(hierarchy), value: claim }] });
    }
  }

  #drop(): void {
    if (this.#isDropping) return;
    this.#isDropping = true;
    // A drop may hang, and the node's own way down with it: then only the watchdog is left.
    if (this.#world.often(0.15)) {
      this.#world.tell(`${this.name} hangs in its drop`);
      return;
    }
    this.#soon(this.#world.between(50, this.#world.times.drop * 0.9), this.#boots, () => {
      this.runs.clear();
      // The keeper cannot look, and nobody else is there who could.
      if (!this.#hasAgent) {
        this.#world.tell(`${this.name} goes down: nobody looked`);
        this.#die();
        return;
      }
      this.#isDropping = false;
      this.#session.dropped();
      this.#reading = 'not';
    });
  }

  #die(backAfter = this.#world.between(500, 5_000)): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#boots += 1;
    this.runs.clear();
    this.#reading = 'not';
    this.#world.after(backAfter, () => this.boot());
  }

  #kick(): void {
    const at = this.#world.now;
    const boot = this.#boots;
    this.#kickedAt = at;
    this.#world.after(this.#world.times.watchdogTimeout / this.#rate, () => {
      if (!this.#isUp || this.#boots !== boot || this.#kickedAt !== at) return;
      this.#world.tell(`${this.name} is taken down by its watchdog`);
      this.#die();
    });
  }

  #send(transaction: Transaction, then: (answer: Committed | undefined) => void = () => undefined): void {
    this.#request(() => this.#world.store.transact(transaction), then);
  }

  /** As its agent sends: what it hears, the next one does not. */
  #sendOfAgent(
    transaction: Transaction,
    then: (answer: Committed | undefined) => void = () => undefined,
  ): void {
    const life = this.#agentLife;
    const settled = { key: `turn/${this.name}`, revision: this.#turnRevision };
    this.#send({ ...transaction, when: [...transaction.when, settled] }, (answer) =>
      this.#soonOfAgent(0, life, () => then(answer)),
    );
  }

  /** Not while it hangs, and never in another life of it. */
  #soonOfAgent(delay: number, life: number, act: () => void): void {
    this.#soon(delay, this.#boots, () => {
      if (this.#agentLife !== life || !this.#hasAgent) return;
      const hangs = this.#agentHangsUntil - this.#world.now;
      if (hangs > 0) this.#soonOfAgent(hangs + 0.1, life, act);
      else act();
    });
  }

  /** Out, a moment in the store, and back: each way late, or lost, while the network is slow. */
  #request<Answer>(act: () => Answer, then: (answer: Answer) => void = () => undefined): void {
    const boot = this.#boots;
    if (this.#isLost()) return;
    this.#world.after(this.#delay(), () => {
      const answer = act();
      if (!this.#isLost()) this.#soon(this.#delay(), boot, () => then(answer));
    });
  }

  #deliver(take: () => void): void {
    const { now } = this.#world;
    const lags = now < this.#lagsUntil ? this.#world.between(0, 5_000) : 0;
    this.#nextTold = Math.max(this.#nextTold, now + this.#delay() + lags);
    this.#soonOfAgent(this.#nextTold - now, this.#agentLife, take);
  }

  /** Not before it is awake again, and never in another boot. */
  #soon(delay: number, boot: number, act: () => void): void {
    this.#world.after(delay, () => {
      if (!this.#isUp || this.#boots !== boot) return;
      const sleeps = this.#frozenUntil - this.#world.now;
      if (sleeps > 0) this.#soon(sleeps + 0.1, boot, act);
      else act();
    });
  }

  #delay(): number {
    const slow = this.#world.now < this.#slowUntil ? this.#world.between(0, this.#slowBy) : 0;
    return this.#world.between(1, 30) + slow;
  }

  #isLost(): boolean {
    return this.#world.now < this.#slowUntil && this.#world.often(0.3);
  }
}
