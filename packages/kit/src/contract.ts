import type { Condition, Finding, Millis, NodeName, Tag } from '@holdfast/core';

export type { Condition, Finding };

import type { z } from 'zod';
import type { Run } from './run.ts';

/*
 * The contract between the engine and a kit. A kit serves one type of resource. Each action is called with all that
 * it needs, says what it saw, and does not throw for expected trouble: an exception is a fault of the kit, and the
 * engine says so.
 *
 *            restore ----> in service <---- recover
 *               ^         quickCheck  ----> failed
 *               |              |               |
 *              out <------- remove <-----------+
 */

/** The version of this contract. A kit names the one, or the range, that it was written for. */
export const contractVersion = 1;

/** Versions of the contract under which a kit works: one, or all from one to another. */
export type ContractRange = number | Readonly<{ from: number; to: number }>;

/** What an action is called with. */
export type KitCall<Settings> = Readonly<{
  tag: Tag;
  node: NodeName;
  /** Checked and completed by the kit's schema. */
  settings: Settings;
  /** Rises with each owner of the hierarchy; 0 for a check of what nobody has the claim of. */
  epoch: number;
  /** What the operator gave after `--`, unchanged. */
  args: readonly string[];
  /** Aborts when the result is no longer wanted, or the budget is over. Stop soon after. */
  signal: AbortSignal;
  /** All the time that the action has. */
  budgetMs: Millis;
  log: KitLog;
  /** The one way to start a program: see `run`. */
  run: Run;
  /**
   * What the kit keeps for this resource from one call to the next, such as an open connection. Empty at the first
   * call of an agent's life, and never written to disk; the kit does as well without it.
   */
  memory: Memory;
}>;

export type Memory = Map<string, unknown>;

/** Events with fields, for retelling the night. Never a secret. */
export type KitLog = Readonly<{
  debug: (fields: object, says: string) => void;
  info: (fields: object, says: string) => void;
  warn: (fields: object, says: string) => void;
}>;

/** How restore, remove or recover went. */
export type Outcome =
  | Readonly<{ result: 'done'; evidence: string }>
  | Readonly<{
      result: 'failed';
      /** What proves it, in the words of the part that refused: `mount: wrong fs type`. */
      evidence: string;
      /** What the operator can do next. */
      todo: string;
    }>;

export type CheckResult = Readonly<{
  finding: Finding;
  evidence: string;
  /** Worth knowing beside the finding; they never change it. */
  conditions?: readonly Condition[];
}>;

/**
 * Something that hints at a failure as it happens; the kit declares it, shared helpers of the agent listen. An event
 * only suspects: it brings the next quickCheck forward, and decides nothing.
 */
export type Watch =
  /** An address comes, goes or changes on any device; a link goes up or down. */
  | Readonly<{ kind: 'address'; address: string }>
  /** Something is mounted, remounted or unmounted there. */
  | Readonly<{ kind: 'mount'; mountPoint: string }>
  /** The process that the first line of the file names ends. Read anew after each restore and recover. */
  | Readonly<{ kind: 'process'; pidFile: string }>
  /** A line on the standard output of a program that runs all the while; it is started again when it ends. */
  | Readonly<{ kind: 'command'; argv: readonly [string, ...string[]] }>;

/** Whether this node could run the resource, told before it is needed. */
export type Readiness = Readonly<{
  ready: boolean;
  /** What was looked at and found, or what is missing. */
  evidence: string;
  /** What to do when it is not ready; may be empty when it is. */
  todo: string;
  /** From 0 to 100, among nodes that are ready: the higher, the better. */
  rank: number;
  /** Worth an operator's attention, though it does not keep the resource from running. */
  warnings: readonly string[];
}>;

/**
 * One program of the quick way out: how a process other than the agent, without the kit, drops the resource at once.
 * Programs of one resource run one after the other, whatever the exit code of those before.
 */
export type AbortStep = Readonly<{ argv: readonly [string, ...string[]]; budgetMs: Millis }>;

export type Budgets = Readonly<{ restore: Millis; remove: Millis; recover: Millis; quickCheck: Millis }>;

export type Kit<Settings = unknown> = Readonly<{
  /** Versions of this contract that it was written for; the package's manifest may say it too. */
  contract: ContractRange;
  /** The name under which documents ask for it. */
  type: string;
  /** One line for lists. */
  summary: string;
  /** Each setting with a description, its unit in the name or the description, and a default where there is one. */
  settings: z.ZodType<Settings>;
  /** The kit's own key of the protected thing: an address, a mount point, a data directory. */
  identity: (settings: Settings) => string;
  /** `data`: a double run destroys data. Room for the cluster's rules about taking over. */
  exclusive?: 'data';
  /** Used where the policy gives no timeouts. */
  budgets: Budgets;

  /**
   * Bring the resource into service on this node.
   * Called when: everything it needs is in service. May be repeated, also after a crash half-way.
   * Must: succeed when it is in service already, without disturbing it; answer `done` only when a check would
   * answer in-service; leave nothing running that a remove would not find; touch no other resource.
   */
  restore: (call: KitCall<Settings>) => Promise<Outcome>;
  /**
   * Take it out of service. Also called when restore failed half-way, and when it is out already.
   * Must: answer `done` only when nothing of it runs or is held any more; touch no other resource.
   */
  remove: (call: KitCall<Settings>) => Promise<Outcome>;
  /**
   * Cheap and read-only; runs every few seconds, also where the resource is out of service.
   * Must: answer `out-of-service` when nothing of it is there, `failed` when something is there and does not serve,
   * `unknown` when the check could not be made.
   */
  quickCheck: (call: KitCall<Settings>) => Promise<CheckResult>;
  /** Optional. Slower, and may write to what it protects. */
  deepCheck?: (call: KitCall<Settings>) => Promise<CheckResult>;
  /**
   * Optional. Repair in place what a check found failed, while all that it needs is in service. When it is absent
   * or fails, the engine removes and restores the resource with all that rests on it.
   */
  recover?: (call: KitCall<Settings>) => Promise<Outcome>;
  /** Optional. What to listen to while it is in service. */
  watch?: (settings: Settings) => readonly Watch[];
  /**
   * Optional. Could this node run it? Looks at programs, versions, devices, ports, rights; read-only, and never
   * touches what another node may be using. Called on every node, on a schedule and before a hierarchy is extended.
   */
  preflight?: (call: KitCall<Settings>) => Promise<Readiness>;
  /**
   * Optional. The quick way out, as data: asked for after each restore and recover, kept by another process, and run
   * when this node has lost its right to act. All of it within about a second; data is not saved, only let go of.
   */
  abort?: (call: KitCall<Settings>) => Promise<readonly AbortStep[]>;
  /** Optional. Lets go of what `memory` holds: the resource is out, or the agent stops. */
  close?: (memory: Memory) => Promise<void>;
}>;

/**
 * Types the actions of a kit by its settings, and hides them from the engine, which only hands them through. A kit
 * that is not part of Holdfast names its `contract`: what is left out is taken from this very version of Holdfast.
 */
export function defineKit<Settings>(
  kit: Omit<Kit<Settings>, 'contract'> & Partial<Pick<Kit, 'contract'>>,
): Kit {
  return { contract: contractVersion, ...kit } as unknown as Kit;
}

export function done(evidence: string): Outcome {
  return { result: 'done', evidence };
}

export function failed(evidence: string, todo: string): Outcome {
  return { result: 'failed', evidence, todo };
}

export function found(
  finding: Finding,
  evidence: string,
  conditions: readonly Condition[] = [],
): CheckResult {
  return { finding, evidence, conditions };
}
