import type { NodeName } from '@holdfast/core';
import type { ActRequest, CheckRequest } from '@holdfast/engine';
import {
  type AbortStep,
  type CheckResult,
  type FoundKit,
  failed,
  found as finding,
  type KitRefusal,
  type Outcome,
  type Readiness,
} from '@holdfast/kit';
import type { Log } from '../../index.ts';
import { believed, believedAbort } from './believed.ts';
import { DeathLimit, type DeathLimits } from './deathLimit.ts';
import type { CallData } from './kitCalls.ts';
import { KitFault } from './kitFault.ts';
import type { Described, KitFacts, KitHost, PreflightRequest } from './kitHost.ts';
import { KitThread } from './kitThread.ts';

/** How long an action may go on after it was told to stop. Shorter than the engine's own grace: the kit is named here. */
const usualGraceMs = 1_000;
const describeWithinMs = 2_000;
const closeWithinMs = 1_000;

export type ForeignGiven = Readonly<{
  found: FoundKit;
  node: NodeName;
  log: Log;
  loadWithinMs: number;
  deathLimits?: DeathLimits;
  graceMs?: number;
}>;

export type Opened =
  | Readonly<{ ok: true; host: KitHost }>
  | Readonly<{ ok: false; refusals: readonly KitRefusal[] }>;

/**
 * A kit that is not part of Holdfast, in a thread of its own. The thread is ended when an action does not stop within
 * its grace, and started anew for the next call, within a limit; what the kit remembered is lost with it.
 */
export async function openForeignKit(given: ForeignGiven): Promise<Opened> {
  const kit = new ForeignKit(given);
  try {
    await kit.open();
    return { ok: true, host: kit };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ok: false, refusals: error.refusals };
  }
}

class ForeignKit implements KitHost {
  readonly thread = 'own' as const;
  readonly #given: ForeignGiven;
  readonly #deaths: DeathLimit;
  #life: Promise<KitThread> | undefined;
  #facts: KitFacts | undefined;

  constructor(given: ForeignGiven) {
    this.#given = given;
    this.#deaths = new DeathLimit(given.deathLimits);
  }

  get name(): string {
    return this.#given.found.name;
  }

  get facts(): KitFacts {
    return this.#facts!;
  }

  async open(): Promise<void> {
    await this.#liveThread();
  }

  whyBroken(): string | undefined {
    return this.#deaths.whyBroken(performance.now());
  }

  async describe(inputs: readonly unknown[]): Promise<readonly Described[]> {
    const thread = await this.#liveThread();
    return this.#within(describeWithinMs, thread, 'to look at settings', thread.describe(inputs));
  }

  async act(request: ActRequest, signal: AbortSignal): Promise<Outcome> {
    try {
      return believed(request.action, await this.#call(request, signal));
    } catch (error) {
      if (!(error instanceof KitFault || error instanceof Refused)) throw error;
      return failed(
        `${request.action}: ${error.message}`,
        `this is a fault in the kit ${this.name}; see how ${request.tag} stands before trying again`,
      );
    }
  }

  async check(request: CheckRequest, signal: AbortSignal): Promise<CheckResult> {
    try {
      return believed(request.action, await this.#call(request, signal));
    } catch (error) {
      if (!(error instanceof KitFault || error instanceof Refused)) throw error;
      const says = `${error.message}; this is a fault in the kit ${this.name}`;
      const broken = this.whyBroken();
      return finding('unknown', says, broken === undefined ? [] : [{ code: 'KIT_BROKEN', says: broken }]);
    }
  }

  async preflight(request: PreflightRequest, signal: AbortSignal): Promise<Readiness> {
    return believed('preflight', await this.#call({ ...request, action: 'preflight' }, signal));
  }

  async abort(request: PreflightRequest, signal: AbortSignal): Promise<readonly AbortStep[]> {
    return believedAbort(await this.#call({ ...request, action: 'abort' }, signal));
  }

  async close(): Promise<void> {
    const thread = await this.#life?.catch(() => undefined);
    await thread?.close(closeWithinMs);
  }

  async #call(request: CallData, signal: AbortSignal): Promise<unknown> {
    const { tag, action, settings, epoch, args, budgetMs } = request;
    const thread = await this.#liveThread();
    const call = thread.call({ tag, action, settings, epoch, args, budgetMs });
    let timer: NodeJS.Timeout | undefined;
    const tell = (): void => {
      call.abort();
      timer = setTimeout(
        () => void thread.end(`${action} of ${tag} did not stop when it was told to`),
        this.#given.graceMs ?? usualGraceMs,
      );
    };
    signal.addEventListener('abort', tell, { once: true });
    if (signal.aborted) tell();
    try {
      return await call.answer;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', tell);
    }
  }

  /** The thread that is there, or a new one. Calls that come while one is being born wait for that one. */
  async #liveThread(): Promise<KitThread> {
    const life = this.#life;
    const living = await life?.catch(() => undefined);
    if (living !== undefined && !living.hasEnded) return living;
    if (this.#life !== life) return this.#liveThread();
    const broken = this.whyBroken();
    if (broken !== undefined) throw new KitFault(`the kit is broken: ${broken}`);
    this.#life = this.#bear();
    return this.#life;
  }

  async #bear(): Promise<KitThread> {
    const { found, node, log, loadWithinMs } = this.#given;
    const thread = new KitThread({ found, node, log, onDeath: (why) => this.#onDeath(why) });
    const born = await this.#within(loadWithinMs, thread, 'to load', thread.born);
    if (!born.ok) {
      void thread.end('it was refused');
      throw new Refused(born.refusals);
    }
    if (this.#facts !== undefined && this.#facts.type !== born.facts.type) {
      void thread.end('it was replaced');
      throw new KitFault(
        `it served ${this.#facts.type}, and after its thread was started again serves ${born.facts.type}`,
      );
    }
    this.#facts = born.facts;
    return thread;
  }

  async #within<Value>(
    spanMs: number,
    thread: KitThread,
    todo: string,
    answer: Promise<Value>,
  ): Promise<Value> {
    const timer = setTimeout(
      () => void thread.end(`it took longer than ${spanMs} ms ${todo}`, 'KIT_HANGS'),
      spanMs,
    );
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #onDeath(why: string): void {
    this.#deaths.died(performance.now(), why);
    const { name, log } = { name: this.name, log: this.#given.log };
    log.error(
      { event: 'kit-fault', kit: name, why },
      `the thread of the kit ${name} was ended: ${why}; this is a fault in the kit ${name}`,
    );
    const broken = this.whyBroken();
    if (broken !== undefined)
      log.error({ event: 'kit-broken', kit: name }, `the kit ${name} is broken: ${broken}`);
  }
}

class Refused extends Error {
  readonly refusals: readonly KitRefusal[];

  constructor(refusals: readonly KitRefusal[]) {
    super(refusals.map(({ what, why }) => `${what}: ${why}`).join('; '));
    this.refusals = refusals;
  }
}
