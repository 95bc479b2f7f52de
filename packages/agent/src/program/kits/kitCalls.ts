import type { NodeName, Settings, Tag } from '@holdfast/core';
import { type Kit, type KitCall, type KitLog, type Memory, readWatches, run } from '@holdfast/kit';
import type { z } from 'zod';
import type { Described } from './kitHost.ts';

export type CallableAction =
  | 'restore'
  | 'remove'
  | 'recover'
  | 'quickCheck'
  | 'deepCheck'
  | 'preflight'
  | 'abort';

/** What a call is made of, as plain data. */
export type CallData = Readonly<{
  tag: Tag;
  action: CallableAction;
  settings: Settings;
  epoch: number;
  args: readonly string[];
  budgetMs: number;
}>;

/** Calls one kit in the thread that loaded it, and keeps what it remembers of each resource from call to call. */
export class KitCalls {
  readonly #kit: Kit;
  readonly #node: NodeName;
  readonly #log: (call: CallData) => KitLog;
  readonly #memories = new Map<Tag, Memory>();

  constructor(given: { kit: Kit; node: NodeName; log: (call: CallData) => KitLog }) {
    this.#kit = given.kit;
    this.#node = given.node;
    this.#log = given.log;
  }

  /** What the kit answers, unseen: whoever asked looks at its form. Throws what the kit throws. */
  async call(data: CallData, signal: AbortSignal): Promise<unknown> {
    const { tag, action } = data;
    const perform = this.#kit[action];
    if (perform === undefined) throw new Error(`the kit ${this.#kit.type} has no ${action}`);
    const memory = this.#memories.get(tag) ?? new Map();
    this.#memories.set(tag, memory);
    const answer: unknown = await perform(this.#callOf(data, memory, signal));
    const isOut = action === 'remove' && (answer as { result?: unknown } | null)?.result === 'done';
    if (isOut) await this.#forget(data);
    // A resource of which nothing is remembered costs nothing, also when no remove of it ever comes.
    else if (memory.size === 0 && this.#memories.get(tag) === memory) this.#memories.delete(tag);
    return answer;
  }

  /** Never throws: settings that the kit cannot look at are settings that it refuses. */
  describe(input: unknown): Described {
    try {
      const read = this.#kit.settings.safeParse(input);
      if (!read.success) return { ok: false, issues: read.error.issues };
      const { watches, fault } = readWatches(this.#kit.watch?.(read.data) ?? []);
      if (fault !== undefined) return refused(`${fault}; this is a fault in the kit ${this.#kit.type}`);
      const identity = this.#kit.identity(read.data);
      if (typeof identity !== 'string' || identity === '')
        return refused(`its identity is no text; this is a fault in the kit ${this.#kit.type}`);
      return { ok: true, settings: read.data as Settings, identity, watches };
    } catch (error) {
      return refused(`the kit ${this.#kit.type} threw when it looked at them: ${say(error)}`);
    }
  }

  /** Lets go of all that is remembered: the agent stops. */
  async close(): Promise<void> {
    const memories = [...this.#memories.values()];
    this.#memories.clear();
    await Promise.allSettled(memories.map(async (memory) => this.#kit.close?.(memory)));
  }

  /** What is out is not remembered; a kit that fails at that has lost nothing that its resource needs. */
  async #forget(data: CallData): Promise<void> {
    const memory = this.#memories.get(data.tag);
    this.#memories.delete(data.tag);
    if (memory === undefined) return;
    try {
      await this.#kit.close?.(memory);
    } catch (error) {
      this.#log(data).warn(
        { event: 'kit-close', error: say(error) },
        `the kit ${this.#kit.type} could not let go`,
      );
    }
  }

  #callOf(data: CallData, memory: Memory, signal: AbortSignal): KitCall<unknown> {
    return {
      ...data,
      node: this.#node,
      signal,
      memory,
      log: this.#log(data),
      // A program that a kit forgot to tie to its signal ends with the action all the same.
      run: (argv, options) => run(argv, { signal, ...options }),
    };
  }
}

export function say(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `not an error: ${String(error)}`;
}

export function refused(message: string): Described {
  const issue: z.core.$ZodIssue = { code: 'custom', path: [], message, input: undefined };
  return { ok: false, issues: [issue] };
}
