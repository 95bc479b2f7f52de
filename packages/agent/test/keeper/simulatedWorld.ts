import type { BeatTimes } from '@holdfast/core';
import type { OwnSession } from '../../src/keeper/sessionRules.ts';
import type { Bug } from './bugs.ts';
import type { SimulatedStore } from './simulatedStore.ts';

export const hierarchies = ['mail', 'shop'];

/** What a simulated node meets outside of itself. */
export type SimulatedWorld = {
  readonly times: BeatTimes;
  readonly bug: Bug | undefined;
  /** Nodes can be fenced. */
  readonly hasFences: boolean;
  readonly store: SimulatedStore;
  /** True time in milliseconds, which no node knows. */
  readonly now: number;
  takeovers: number;
  after: (delay: number, act: () => void) => void;
  between: (low: number, high: number) => number;
  often: (share: number) => boolean;
  tell: (what: string) => void;
  /** A device is told to cut the power of a node. */
  fence: (node: string, by: OwnSession) => void;
  runsNothing: (node: string) => boolean;
  checkRuns: (hierarchy: string) => void;
  checkMayAct: (node: string, id: string) => void;
};
