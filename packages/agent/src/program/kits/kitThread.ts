import { Worker } from 'node:worker_threads';
import type { NodeName } from '@holdfast/core';
import {
  type FoundKit,
  type KitRefusal,
  type KitRefusalCode,
  killAccount,
  newAccount,
  readProcess,
  waitUntil,
} from '@holdfast/kit';
import type { Log } from '../../index.ts';
import type { CallData } from './kitCalls.ts';
import { KitFault } from './kitFault.ts';
import type { Described, KitFacts } from './kitHost.ts';
import { logOutput } from './logOutput.ts';
import type { Birth, FromKit, LogLine, ToKit } from './messages.ts';
import { watchMemory } from './watchMemory.ts';

/** A thread that hangs in the kernel cannot be ended: nobody waits for it longer than this. */
const endWithinMs = 1_000;
/** So long what was killed may take to be gone. */
const dieWithinMs = 500;

/** Memory of the heap; what is beside the heap is watched, see `watchMemory`. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Nothing of the agent's own, but where compiled code is kept: with it a thread is there in a third of the time. */
function environment(): Record<string, string> {
  const { NODE_COMPILE_CACHE: cache } = process.env;
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    LANG: 'C',
    ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
  };
}

export type ThreadGiven = Readonly<{
  found: FoundKit;
  node: NodeName;
  log: Log;
  onDeath: (why: string) => void;
}>;

/** What a thread said first. */
export type Born =
  | Readonly<{ ok: true; facts: KitFacts }>
  | Readonly<{ ok: false; refusals: readonly KitRefusal[] }>;

type Waiting = Readonly<{ resolve: (value: unknown) => void; reject: (error: KitFault) => void }>;

/** One life of the thread of one kit. When it ends, whatever the reason, each open question gets that for an answer. */
export class KitThread {
  readonly #given: ThreadGiven;
  readonly #worker: Worker;
  readonly #account = newAccount();
  readonly #waiting = new Map<number, Waiting>();
  readonly #born = Promise.withResolvers<Born>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #stopWatching: () => void;
  #nextId = 1;
  #isClosing = false;
  #whyEnded: string | undefined;

  constructor(given: ThreadGiven) {
    this.#given = given;
    const { found, node, log } = given;
    this.#worker = new Worker(new URL(workerFile, import.meta.url), {
      workerData: { found, node, account: this.#account } satisfies Birth,
      name: `kit ${found.name}`.slice(0, 60),
      argv: [],
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: environment(),
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits,
    });
    // What waits for a kit has a timer of its own; the thread alone keeps no agent from ending.
    this.#worker.unref();
    logOutput(this.#worker, found.name, log);
    this.#worker.on('message', (message: FromKit) => this.#hear(message));
    this.#worker.on('messageerror', () => void this.end('it sent what cannot be read'));
    this.#worker.on('error', (error: unknown) => void this.#over(sayDeath(error)));
    this.#worker.on('exit', (code) => {
      this.#gone.resolve();
      void this.#over(this.#isClosing ? 'the agent stops' : `it ended its process, with code ${code}`);
    });
    this.#stopWatching = watchMemory(
      this.#worker,
      () => this.#waiting.size > 0 || this.#nextId === 1,
      (says) => void this.end(says),
    );
  }

  /** The kit in it, or why there is none. */
  get born(): Promise<Born> {
    return this.#born.promise;
  }

  get hasEnded(): boolean {
    return this.#whyEnded !== undefined;
  }

  describe(inputs: readonly unknown[]): Promise<readonly Described[]> {
    return this.#ask((id) => ({ kind: 'describe', id, inputs })).answer as Promise<readonly Described[]>;
  }

  /** The answer is whatever the kit gave; `abort` tells it to stop. */
  call(data: CallData): Readonly<{ answer: Promise<unknown>; abort: () => void }> {
    const { id, answer } = this.#ask((id) => ({ kind: 'call', id, data }));
    return { answer, abort: () => this.#post({ kind: 'abort', id }) };
  }

  /** Ends it now, with the programs that it has under way. */
  end(why: string, code?: KitRefusalCode): Promise<void> {
    void this.#worker.terminate();
    return this.#over(why, code);
  }

  /** Lets it let go of what it remembers, within a bound. */
  async close(withinMs: number): Promise<void> {
    this.#isClosing = true;
    this.#post({ kind: 'close' });
    await within(withinMs, this.#gone.promise);
    await this.end('the agent stops');
  }

  #ask(make: (id: number) => ToKit): { id: number; answer: Promise<unknown> } {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (this.#whyEnded !== undefined) {
      reject(new KitFault(this.#whyEnded));
      return { id, answer: promise };
    }
    this.#waiting.set(id, { resolve, reject });
    this.#post(make(id));
    return { id, answer: promise };
  }

  #post(message: ToKit): void {
    if (this.#whyEnded === undefined) this.#worker.postMessage(message);
  }

  #hear(message: FromKit): void {
    switch (message.kind) {
      case 'loaded':
        this.#born.resolve({ ok: true, facts: message.facts });
        return;
      case 'refused':
        this.#born.resolve({ ok: false, refusals: message.refusals });
        this.#isClosing = true;
        return;
      case 'described':
        this.#settle(message.id, ({ resolve }) => resolve(message.described));
        return;
      case 'answer':
        this.#settle(message.id, ({ resolve }) => resolve(message.answer));
        return;
      case 'threw':
        this.#settle(message.id, ({ reject }) => reject(new KitFault(`threw ${message.says}`)));
        return;
      case 'log':
        this.#log(message.line);
        return;
    }
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting !== undefined) how(waiting);
  }

  #log({ level, tag, action, fields, says }: LogLine): void {
    this.#given.log[level]({ kit: this.#given.found.name, tag, action, ...fields }, says);
  }

  /** Nobody gets an answer before all of it is over: what is looked at next must not change any more. */
  async #over(why: string, code: KitRefusalCode = 'KIT_BROKEN'): Promise<void> {
    if (this.#whyEnded !== undefined) return;
    this.#whyEnded = why;
    this.#stopWatching();
    if (!this.#isClosing) this.#given.onDeath(why);
    await within(endWithinMs, this.#gone.promise);
    const leaders = killAccount(this.#account);
    await Promise.all(leaders.map((pid) => waitUntil(() => isGone(pid), { withinMs: dieWithinMs })));
    this.#born.resolve({ ok: false, refusals: [refusal(this.#given.found, code, why)] });
    for (const { reject } of this.#waiting.values()) reject(new KitFault(`its thread was ended: ${why}`));
    this.#waiting.clear();
  }
}

async function isGone(pid: number): Promise<true | undefined> {
  return (await readProcess(pid)) === undefined ? true : undefined;
}

/** As this very file runs: from its source, or built. */
const workerFile = import.meta.url.endsWith('.ts') ? './kitWorker.ts' : './kitWorker.js';

function sayDeath(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return `it took more than ${resourceLimits.maxOldGenerationSizeMb} MB of memory`;
  // The message, and the first place where it happened.
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = what
    .split('\n')
    .slice(0, 2)
    .map((line) => line.trim());
  return `nothing caught an error: ${lines.join(' ').slice(0, 1_000)}`;
}

function refusal({ name, entry }: FoundKit, code: KitRefusalCode, why: string): KitRefusal {
  const what = `The kit ${name} cannot be loaded`;
  return { code, what, why: `its thread was ended: ${why}`, todo: `correct ${entry}` };
}

/** Waits, but no longer than that. */
async function within(spanMs: number, ending: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, spanMs);
  await Promise.race([ending, late.promise]);
  clearTimeout(timer);
}
