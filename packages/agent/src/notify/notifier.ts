import type { NotifierSettings, NotifierState, NotifierTestAnswer } from '@holdfast/core';
import type { Chance, Clock } from '@holdfast/engine';
import { Latch } from '../latch.ts';
import type { Log } from '../ports.ts';
import { Folding } from './folding.ts';
import { isWanted } from './isWanted.ts';
import { type Message, type SayAt, type SentMessage, withDropped, writeMessage } from './message.ts';
import { type Notice, notice } from './notice.ts';
import { enqueue } from './queue.ts';

/** How a try to send went. `final`: another try would be refused as well. */
export type SendResult = Readonly<{ ok: boolean; final: boolean; says: string }>;

/** Sends one message to one endpoint. May throw, or never end: neither hurts anybody but its notifier. */
export type Sender = Readonly<{
  /** Where it goes, without a secret. */
  to: string;
  send: (message: SentMessage, signal: AbortSignal) => Promise<SendResult>;
}>;

/** What waits is kept through a restart, as well as that can be done. None of these throws. */
export type KeptQueue = Readonly<{
  read: () => Promise<readonly Message[]>;
  write: (queue: readonly Message[]) => void;
  /** When what was to be written is written. */
  settled: () => Promise<void>;
}>;

export type NotifierPorts = Readonly<{
  node: string;
  /** Begins the ids of messages: no two lives of an agent give the same. */
  session: string;
  clock: Clock;
  chance: Chance;
  log: Log;
  sayAt: SayAt;
}>;

const queueMax = 100;
const firstPauseMs = 1_000;
const longestPauseMs = 300_000;
/** A message that nobody took for so long is not news any more. */
const keepMs = 24 * 3_600_000;

/**
 * One who is told: gathers notices, and sends message after message, in a loop of its own. What it does may take as
 * long as it likes; `take` only puts a notice down and returns.
 */
export class Notifier {
  readonly settings: NotifierSettings;
  readonly #ports: NotifierPorts;
  readonly #sender: Sender;
  readonly #kept: KeptQueue;
  readonly #folding: Folding;
  readonly #wake = new Latch();
  readonly #closed = new AbortController();
  readonly #ended: Promise<void>;
  #queue: readonly Message[] = [];
  #count = 0;
  #told = { sent: 0, failed: 0, dropped: 0 };
  /** Dropped since the last message that was sent, which tells of them. */
  #untold = 0;
  #state: NotifierState['state'] = 'idle';
  #lastSentAt: number | undefined;
  #nextTryAt: number | undefined;
  #lastError: NotifierState['lastError'];
  #isEnding = false;

  constructor(given: { settings: NotifierSettings; ports: NotifierPorts; sender: Sender; kept: KeptQueue }) {
    this.settings = given.settings;
    this.#ports = given.ports;
    this.#sender = given.sender;
    this.#kept = given.kept;
    this.#folding = new Folding(given.settings);
    this.#ended = this.#loop().catch((error: unknown) => {
      const { log } = this.#ports;
      log.error(
        { event: 'notifier-ended', notifier: given.settings.name, error: String(error) },
        'a notifier ended',
      );
    });
  }

  take(one: Notice): void {
    if (this.#isEnding || !isWanted(this.settings, one)) return;
    this.#folding.take(one, this.#ports.clock.now());
    this.#wake.set();
  }

  state(): NotifierState {
    return {
      name: this.settings.name,
      type: this.settings.type,
      to: this.#sender.to,
      state: this.#state,
      ...this.#told,
      queued: this.#queue.length,
      ...(this.#lastSentAt === undefined ? {} : { lastSentAt: this.#lastSentAt }),
      ...(this.#nextTryAt === undefined ? {} : { nextTryAt: this.#nextTryAt }),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  /** Sends a message that says that it is a test, at once and beside the queue; answers how that went. */
  async test(by: string): Promise<NotifierTestAnswer> {
    const { clock, node, sayAt } = this.#ports;
    const at = clock.wall();
    const begunAt = clock.now();
    const told = notice('agent-started', at, {
      what: `a test by ${by}: this message shows that ${this.settings.name} is told`,
      todo: 'nothing',
    });
    const folded = { at, severity: 'info' as const, notices: [told], omitted: 0, repeated: [] };
    const result = await this.#try(withDropped(writeMessage(folded, { id: this.#newId(), node, sayAt }), 0));
    return {
      name: this.settings.name,
      isSent: result.ok,
      says: result.says,
      tookMs: clock.now() - begunAt,
    };
  }

  /**
   * Takes no more. What was gathered is put in the queue and kept for the next life; within the span it is tried
   * once more to send it.
   */
  async close(withinMs: number): Promise<void> {
    this.#isEnding = true;
    this.#gather(true);
    this.#wake.set();
    const patience = new AbortController();
    await Promise.race([this.#ended, this.#ports.clock.sleep(withinMs, patience.signal)]);
    patience.abort('over');
    this.#closed.abort('closed');
    this.#kept.write(this.#queue);
    await this.#kept.settled();
  }

  async #loop(): Promise<void> {
    this.#queue = [...(await this.#kept.read()), ...this.#queue].slice(-queueMax);
    let pauseMs = firstPauseMs;
    while (!this.#closed.signal.aborted) {
      this.#gather(false);
      const [head] = this.#queue;
      if (head === undefined) {
        if (this.#isEnding) return;
        await this.#nothingToDo();
        continue;
      }
      const isDone = await this.#deliver(head);
      if (isDone) pauseMs = firstPauseMs;
      else if (this.#isEnding) return;
      else {
        await this.#pause(pauseMs);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
  }

  /** Until something is due, or comes. */
  async #nothingToDo(): Promise<void> {
    const due = this.#folding.nextDue();
    if (due === undefined) return this.#wake.wait();
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#closed.signal]);
    const span = Math.max(1, due - this.#ports.clock.now());
    await Promise.race([this.#ports.clock.sleep(span, signal), this.#wake.wait()]);
    over.abort('woken');
  }

  /** After a try that failed. Longer each time, never twice the same, and what comes meanwhile does not shorten it. */
  async #pause(span: number): Promise<void> {
    const { clock, chance } = this.#ports;
    const jittered = span * (0.75 + 0.5 * chance.fraction());
    this.#state = 'waiting';
    this.#nextTryAt = clock.wall() + jittered;
    const end = clock.now() + jittered;
    while (clock.now() < end && !this.#isEnding && !this.#closed.signal.aborted) {
      const over = new AbortController();
      const signal = AbortSignal.any([over.signal, this.#closed.signal]);
      const due = this.#folding.nextDue() ?? end;
      await Promise.race([
        clock.sleep(Math.max(1, Math.min(end, due) - clock.now()), signal),
        this.#wake.wait(),
      ]);
      over.abort('woken');
      this.#gather(false);
    }
    this.#nextTryAt = undefined;
    this.#state = 'idle';
  }

  #gather(all: boolean): void {
    const { clock, node, sayAt } = this.#ports;
    const folded = this.#folding.due(clock.now(), all);
    if (folded === undefined) return;
    const put = enqueue(this.#queue, writeMessage(folded, { id: this.#newId(), node, sayAt }), queueMax);
    this.#queue = put.queue;
    this.#drop(put.dropped);
    this.#kept.write(this.#queue);
  }

  /** Answers whether it is out of the way: sent, or never to be sent. */
  async #deliver(message: Message): Promise<boolean> {
    const { clock, log } = this.#ports;
    const { name } = this.settings;
    const told = this.#untold;
    this.#state = 'sending';
    const result = await this.#try(withDropped(message, told));
    this.#state = 'idle';
    const isTooOld = clock.wall() - message.at > keepMs;
    if (result.ok) {
      this.#told.sent += 1;
      this.#untold -= told;
      this.#lastSentAt = clock.wall();
      log.info(
        { event: 'notified', notifier: name, message: message.id },
        `told ${name}: ${message.subject}`,
      );
    } else {
      this.#told.failed += 1;
      this.#lastError = { at: clock.wall(), says: result.says };
      const fields = { event: 'notifier-failed', notifier: name, message: message.id, why: result.says };
      log.warn(fields, `${name} could not be told: ${result.says}`);
      if (!result.final && !isTooOld) return false;
      this.#drop(1);
    }
    this.#queue = this.#queue.filter(({ id }) => id !== message.id);
    this.#kept.write(this.#queue);
    return true;
  }

  /** One try, within its time whatever the sender does. */
  async #try(message: SentMessage): Promise<SendResult> {
    const { clock } = this.#ports;
    const late = new AbortController();
    const over = new AbortController();
    const { timeout } = this.settings;
    try {
      const signal = AbortSignal.any([late.signal, this.#closed.signal]);
      const sending = this.#sender.send(message, signal).catch(
        (error: unknown): SendResult => ({
          ok: false,
          final: false,
          says: error instanceof Error ? error.message : String(error),
        }),
      );
      const timedOut = clock
        .sleep(timeout, AbortSignal.any([over.signal, this.#closed.signal]))
        .then((): SendResult => ({ ok: false, final: false, says: `no answer within ${timeout} ms` }));
      return await Promise.race([sending, timedOut]);
    } finally {
      late.abort('over');
      over.abort('over');
    }
  }

  #drop(count: number): void {
    this.#told.dropped += count;
    this.#untold += count;
  }

  #newId(): string {
    this.#count += 1;
    return `${this.#ports.session}-${this.settings.name}-${this.#count}`;
  }
}
