import type { CheckAction, Millis, Settings, StepAction, Tag, TypeName } from '@holdfast/core';
import type { CheckResult, Outcome } from '@holdfast/kit';

/*
 * All that the engine knows of the world comes through these, handed in where the program is assembled. So a
 * simulation runs the shipped engine with its own time, chance and kits.
 */

export type Clock = Readonly<{
  /** For spans of time: rises always, whatever is done to the time of day. */
  now: () => Millis;
  /** Milliseconds since 1970, for people and records. It may jump. */
  wall: () => Millis;
  /** Ends after the time, or at once when the signal aborts. Never throws. */
  sleep: (span: Millis, signal: AbortSignal) => Promise<void>;
}>;

export type Chance = Readonly<{
  /** From 0 up to, and without, 1. */
  fraction: () => number;
}>;

type KitRequest = Readonly<{
  tag: Tag;
  type: TypeName;
  settings: Settings;
  epoch: number;
  args: readonly string[];
  /** The kit is told, and is expected to end within it. */
  budgetMs: Millis;
}>;
export type ActRequest = KitRequest & Readonly<{ action: StepAction }>;
export type CheckRequest = KitRequest & Readonly<{ action: CheckAction }>;

/** Calls the kits. May throw: a kit that does so is at fault, and the engine says so. */
export type KitRunner = Readonly<{
  act: (request: ActRequest, signal: AbortSignal) => Promise<Outcome>;
  check: (request: CheckRequest, signal: AbortSignal) => Promise<CheckResult>;
}>;
