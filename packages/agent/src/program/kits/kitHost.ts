import type { Action, Settings } from '@holdfast/core';
import type { ActRequest, CheckRequest } from '@holdfast/engine';
import type { AbortStep, Budgets, CheckResult, Outcome, Readiness, Watch } from '@holdfast/kit';
import type { z } from 'zod';

/** What a kit says about settings as they are written. */
export type Described =
  | Readonly<{ ok: true; settings: Settings; identity: string; watches: readonly Watch[] }>
  | Readonly<{ ok: false; issues: readonly z.core.$ZodIssue[] }>;

/** What is known of a kit once it is loaded. */
export type KitFacts = Readonly<{
  type: string;
  summary: string;
  /** The names of its settings, where its schema tells them. */
  fields: readonly string[] | undefined;
  budgets: Budgets;
  actions: readonly Action[];
  /** A double run destroys data. */
  isExclusive: boolean;
}>;

export type PreflightRequest = Omit<CheckRequest, 'action'>;

/** A kit as the agent calls it, in whatever thread it lives. Answers are checked; a fault of the kit throws `KitFault`. */
export type KitHost = Readonly<{
  /** As agent.yaml names it. */
  name: string;
  thread: 'agent' | 'own';
  facts: KitFacts;
  describe: (inputs: readonly unknown[]) => Promise<readonly Described[]>;
  act: (request: ActRequest, signal: AbortSignal) => Promise<Outcome>;
  check: (request: CheckRequest, signal: AbortSignal) => Promise<CheckResult>;
  /** Throws where the others answer: what could not be asked is no readiness. */
  preflight: (request: PreflightRequest, signal: AbortSignal) => Promise<Readiness>;
  abort: (request: PreflightRequest, signal: AbortSignal) => Promise<readonly AbortStep[]>;
  /** Why it is left alone for now; undefined while it is called. */
  whyBroken: () => string | undefined;
  close: () => Promise<void>;
}>;
