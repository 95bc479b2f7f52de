import type { NodeName } from '@holdfast/core';
import type { FoundKit, KitRefusal } from '@holdfast/kit';
import type { CallData } from './kitCalls.ts';
import type { Described, KitFacts } from './kitHost.ts';

/*
 * What crosses between the agent's thread and the thread of a kit: plain data, each message bounded in size by the
 * side of the kit that is ours.
 *
 *    agent                         thread of the kit
 *      | -- starts it with Birth ->  |  loads the kit
 *      | <- loaded, or refused ----  |
 *      | -- describe, call, abort -> |
 *      | <- answer, threw, log ----  |
 *      | -- close ---------------->  |  lets go of what it remembers, and ends
 */

/** What a thread is born with. */
export type Birth = Readonly<{ found: FoundKit; node: NodeName; account: SharedArrayBuffer }>;

export type ToKit =
  | Readonly<{ kind: 'describe'; id: number; inputs: readonly unknown[] }>
  | Readonly<{ kind: 'call'; id: number; data: CallData }>
  | Readonly<{ kind: 'abort'; id: number }>
  | Readonly<{ kind: 'close' }>;

export type LogLine = Readonly<{
  level: 'debug' | 'info' | 'warn';
  tag: string;
  action: string;
  fields: Readonly<Record<string, unknown>>;
  says: string;
}>;

export type FromKit =
  | Readonly<{ kind: 'loaded'; facts: KitFacts }>
  | Readonly<{ kind: 'refused'; refusals: readonly KitRefusal[] }>
  | Readonly<{ kind: 'described'; id: number; described: readonly Described[] }>
  | Readonly<{ kind: 'answer'; id: number; answer: unknown }>
  | Readonly<{ kind: 'threw'; id: number; says: string }>
  | Readonly<{ kind: 'log'; line: LogLine }>;
