import type { Finding } from '@holdfast/core';
import { budgetOf } from '../budgetOf.ts';
import { type ActionAnswer, type CallableAction, callAction } from '../callAction.ts';
import type { CheckResult, Kit, Outcome } from '../contract.ts';
import { type RunResult, run } from '../run.ts';
import { waitUntil } from '../waitUntil.ts';
import type { World } from './world.ts';

/** A rule that could not be tried or was broken, in words. */
export class Broken extends Error {
  override name = 'Broken';
}

/** One kit in one world: calls it, and keeps an eye on every answer. */
export class Bench {
  readonly kit: Kit;
  readonly world: World;
  readonly settings: unknown;
  /** Answers of a wrong form and exceptions, for the rule about answers. */
  readonly faults: string[] = [];
  /** Calls that went on after their budget. */
  readonly late: string[] = [];

  constructor(kit: Kit, world: World, settings: unknown) {
    this.kit = kit;
    this.world = world;
    this.settings = settings;
  }

  async call(
    action: CallableAction,
    options: { signal?: AbortSignal; budgetMs?: number } = {},
  ): Promise<ActionAnswer> {
    const answer = await callAction({
      kit: this.kit,
      action,
      settings: this.settings,
      tag: 'conformance',
      node: 'conformance',
      budgetMs: options.budgetMs ?? budgetOf(this.kit, action),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (answer.fault !== undefined) (answer.isLate ? this.late : this.faults).push(answer.fault);
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
    return (await this.run(this.world.serves)).ok;
  }

  async mustServe(when: string): Promise<void> {
    const served = await this.run(this.world.serves);
    if (!served.ok) throw new Broken(`${when} it does not serve: ${served.says}`);
  }

  async mustBeOut(when: string): Promise<void> {
    if (await this.serves()) throw new Broken(`${when} it still serves`);
  }

  /** What must not change while nothing happened to it. */
  async identity(): Promise<string> {
    return (await this.run(this.world.same)).stdout.trim();
  }

  /** Breaks it behind the kit's back, and waits until that can be seen. */
  async break(): Promise<void> {
    const broken = await this.run(this.world.breakIt);
    if (!broken.ok) throw new Broken(`it could not be broken: ${broken.says}`);
    const seen = await waitUntil(async () => ((await this.serves()) ? undefined : true), { withinMs: 5_000 });
    if (seen === undefined) throw new Broken('it serves after it was broken: breakIt does not break it');
  }

  async run(argv: readonly string[]): Promise<RunResult> {
    return run(argv as [string, ...string[]], { budgetMs: 10_000 });
  }
}
