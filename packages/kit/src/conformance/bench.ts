import type { Finding } from '@holdfast/core';
import { budgetOf } from '../budgetOf.ts';
import { type ActionAnswer, type CallableAction, callAction } from '../callAction.ts';
import type { CheckResult, Kit, Memory, Outcome } from '../contract.ts';
import { type RunResult, run } from '../run.ts';
import { waitUntil } from '../waitUntil.ts';
import { Listener } from './listener.ts';
import { findNew, type Snapshot, takeSnapshot } from './snapshot.ts';
import type { World } from './world.ts';

/** A rule that could not be tried or was broken, in words. */
export class Broken extends Error {
  override name = 'Broken';
}

/** One kit in one world: calls it as an agent would in one life, and keeps an eye on every answer. */
export class Bench {
  readonly kit: Kit;
  readonly world: World;
  readonly settings: unknown;
  readonly heard: Listener;
  /** Answers of a wrong form and exceptions, for the rule about answers. */
  readonly faults: string[] = [];
  /** Calls that went on after their budget. */
  readonly late: string[] = [];
  /** Kept from one call to the next until the resource is out, as the agent does it. */
  #memory: Memory = new Map();
  #atFirst: Snapshot = new Map();

  constructor(kit: Kit, world: World, settings: unknown) {
    this.kit = kit;
    this.world = world;
    this.settings = settings;
    this.heard = new Listener(world.secrets);
  }

  async begin(): Promise<void> {
    this.#atFirst = await takeSnapshot();
  }

  /** Lets go of what the kit keeps. */
  async end(): Promise<void> {
    const memory = this.#memory;
    this.#memory = new Map();
    try {
      await this.kit.close?.(memory);
    } catch (error) {
      this.faults.push(`close threw: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async call(
    action: CallableAction,
    options: { signal?: AbortSignal; budgetMs?: number } = {},
  ): Promise<ActionAnswer> {
    const overranBefore = this.heard.overran.length;
    const answer = await callAction({
      kit: this.kit,
      action,
      settings: this.settings,
      tag: 'conformance',
      node: 'conformance',
      budgetMs: options.budgetMs ?? budgetOf(this.kit, action),
      log: this.heard.log,
      run: this.heard.run,
      memory: this.#memory,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (answer.fault !== undefined) (answer.isLate ? this.late : this.faults).push(answer.fault);
    this.late.push(...this.heard.overran.slice(overranBefore));
    this.heard.look(JSON.stringify([answer.answer, answer.fault]), `what ${action} answers`);
    if (action === 'remove' && (answer.answer as Outcome | undefined)?.result === 'done') await this.end();
    return answer;
  }

  /** Calls it, and breaks the rule when it is not done. */
  async must(action: 'restore' | 'remove' | 'recover', when: string): Promise<string> {
    const { answer, fault } = await this.call(action);
    const outcome = answer as Outcome | undefined;
    if (outcome?.result === 'done') return outcome.evidence;
    throw new Broken(`${action} ${when}: ${fault ?? outcome?.evidence ?? 'no answer'}`);
  }

  async check(): Promise<{ finding: Finding | undefined; says: string }> {
    const { answer, fault } = await this.call('quickCheck');
    const result = answer as CheckResult | undefined;
    return { finding: result?.finding, says: fault ?? `${result?.finding}: ${result?.evidence}` };
  }

  async serves(): Promise<boolean> {
    return (await this.#askWhetherItServes()).serves;
  }

  async mustServe(when: string): Promise<void> {
    const { serves, says } = await this.#askWhetherItServes();
    if (!serves) throw new Broken(`${when} it does not serve: ${says}`);
  }

  async mustBeOut(when: string): Promise<void> {
    if (await this.serves()) throw new Broken(`${when} it still serves`);
  }

  /** What must not change while nothing happened to it. */
  async identity(): Promise<string> {
    if (this.world.same !== undefined) return (await this.run(this.world.same)).stdout.trim();
    return [...findNew(this.#atFirst, await takeSnapshot()).values()].sort().join(', ');
  }

  /** Breaks it behind the kit's back, and waits until that can be seen. */
  async break(): Promise<void> {
    const broken = await this.run(this.world.breakIt!);
    if (!broken.ok) throw new Broken(`it could not be broken: ${broken.says}`);
    const seen = await waitUntil(async () => ((await this.serves()) ? undefined : true), { withinMs: 5_000 });
    if (seen === undefined) throw new Broken('it serves after it was broken: breakIt does not break it');
  }

  async run(argv: readonly string[]): Promise<RunResult> {
    return run(argv as [string, ...string[]], { budgetMs: 10_000 });
  }

  /** By the world's own means; by the kit's word where the world has none. */
  async #askWhetherItServes(): Promise<{ serves: boolean; says: string }> {
    if (this.world.serves === undefined) {
      const { finding, says } = await this.check();
      return { serves: finding === 'in-service' || finding === 'degraded', says };
    }
    const { ok, says } = await this.run(this.world.serves);
    return { serves: ok, says };
  }
}

/** Why a rule about what broke does not apply. */
export function cannotBreak({ world }: Bench): string | undefined {
  return world.breakIt === undefined ? 'the world does not say how to break it (breakIt)' : undefined;
}
