import type { Kits } from '@holdfast/agent';
import type { CheckAction, Finding, StepAction, Tag } from '@holdfast/core';
import type { Outcome } from '@holdfast/kit';
import type { VirtualTime } from '../simulate/virtualTime.ts';
import { fakeTypes } from '../text/fakeType.ts';

/** How an action of one resource behaves, as a test scripts it. */
export type Behaviour = Readonly<{
  /** It fails with this evidence; it works when left out. */
  fails?: string;
  takesMs?: number;
  /** It does not end until it is told to stop; with `deaf`, not even then. */
  hangs?: 'until-told' | 'deaf';
  throws?: string;
  /** A remove that says that it is done while the resource still runs. */
  lies?: boolean;
}>;

/**
 * A node whose resources are marks in memory: what is up, what is broken, and a log of every action that touched
 * them. For tests of what the agent does; what kits do is tested on real parts.
 */
export class FakeNode {
  readonly #time: VirtualTime;
  readonly #up = new Set<string>();
  readonly #found = new Map<string, Finding>();
  readonly #foundDeeply = new Map<string, Finding>();
  readonly #behaviours = new Map<string, Behaviour>();
  /** `restore db`, one for each action that began, in order. */
  readonly log: string[] = [];
  /** `quickCheck db`, one for each check that began. */
  readonly checks: string[] = [];
  readonly args: (readonly string[])[] = [];

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  isUp(tag: string): boolean {
    return this.#up.has(tag);
  }

  /** Behind everybody's back. */
  set(tag: string, is: 'up' | 'down'): void {
    if (is === 'up') this.#up.add(tag);
    else this.#up.delete(tag);
  }

  /** From now on checks of it find this, however it stands; undefined ends that. */
  finds(tag: string, finding: Finding | undefined): void {
    if (finding === undefined) this.#found.delete(tag);
    else this.#found.set(tag, finding);
  }

  /** The same for its deep checks alone. */
  findsDeeply(tag: string, finding: Finding): void {
    this.#foundDeeply.set(tag, finding);
  }

  behaves(tag: string, action: StepAction | CheckAction, behaviour: Behaviour): void {
    this.#behaviours.set(`${action} ${tag}`, behaviour);
  }

  kits(): Kits {
    return {
      typesFor: async () => fakeTypes,
      served: () => fakeTypes,
      reports: () => [],
      budgetsOf: () => ({ restore: 10_000, remove: 10_000, recover: 10_000, quickCheck: 1_000 }),
      watchesOf: ({ tag }) => [{ kind: 'mount', mountPoint: `/${tag}` }],
      act: async ({ tag, action, args }, signal) => {
        this.log.push(`${action} ${tag}`);
        this.args.push(args);
        return this.#act(tag, action, signal);
      },
      check: async ({ tag, action }, signal) => {
        this.checks.push(`${action} ${tag}`);
        await this.#spend(this.#behaviours.get(`${action} ${tag}`) ?? {}, signal);
        const deeply = action === 'deepCheck' ? this.#foundDeeply.get(tag) : undefined;
        const plainly = this.#up.has(tag) ? 'in-service' : 'out-of-service';
        const finding = deeply ?? this.#found.get(tag) ?? plainly;
        return { finding, evidence: `a check of ${tag} found it ${finding}` };
      },
    };
  }

  async #act(tag: Tag, action: StepAction, signal: AbortSignal): Promise<Outcome> {
    const behaviour = this.#behaviours.get(`${action} ${tag}`) ?? {};
    const wasTold = await this.#spend(behaviour, signal);
    if (behaviour.throws !== undefined) throw new Error(behaviour.throws);
    if (wasTold) return { result: 'failed', evidence: 'told to stop', todo: '' };
    if (behaviour.fails !== undefined)
      return { result: 'failed', evidence: behaviour.fails, todo: `mend ${tag}` };
    if (behaviour.lies !== true) this.set(tag, action === 'remove' ? 'down' : 'up');
    return { result: 'done', evidence: `${action} of ${tag} worked` };
  }

  /** True when it was told to stop before it was over. */
  #spend({ takesMs = 0, hangs }: Behaviour, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (hangs === undefined && takesMs === 0) return resolve(false);
      if (hangs === undefined) this.#time.after(takesMs, () => resolve(false));
      if (hangs !== 'deaf') signal.addEventListener('abort', () => resolve(true), { once: true });
    });
  }
}
