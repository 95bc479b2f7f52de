import { z } from 'zod';
import { duration } from './duration.ts';
import type { Millis } from './vocabulary.ts';

const check = z.strictObject({
  every: duration.optional().describe('Time between two checks.'),
  timeout: duration.optional().describe('A check that takes longer counts as a timeout.'),
  inARow: z.int().min(1).optional().describe('So many timeouts one after the other are a failure.'),
});

/** A policy as written: whatever is left out comes from the level above, at last from `defaultPolicy`. */
export const writtenPolicy = z.strictObject({
  quickCheck: check.optional(),
  deepCheck: check.optional(),
  localRecovery: z
    .strictObject({
      enabled: z.boolean().optional().describe('Repair on the node where it failed.'),
      attempts: z.int().min(0).optional().describe('So many repairs are tried within the period.'),
      within: duration.optional().describe('The period in which repairs are counted.'),
    })
    .optional(),
  failover: z
    .strictObject({
      enabled: z.boolean().optional().describe('Move to another node when repair does not help.'),
      forget: duration.optional().describe('So long a failure keeps a node from being chosen.'),
    })
    .optional(),
  switchback: z
    .strictObject({
      after: duration.optional().describe('AUTOMATIC: so long a node that came back must have been alive.'),
    })
    .optional(),
  preflight: z
    .strictObject({
      enabled: z.boolean().optional().describe('Look on every standby whether it could run it.'),
      every: duration.optional().describe('Time between two looks.'),
    })
    .optional(),
  start: z
    .strictObject({
      wait: duration
        .optional()
        .describe('After its node booted, so long the node that had it last is waited for.'),
    })
    .optional(),
  removeFails: z
    .enum(['wait', 'fenceSelf'])
    .optional()
    .describe('What would not go and is to come up elsewhere waits for a person, or takes its node down.'),
  notificationOnly: z.boolean().optional().describe('Failures are reported, and nothing is done about them.'),
  timeouts: z
    .strictObject({ restore: duration.optional(), remove: duration.optional(), recover: duration.optional() })
    .optional()
    .describe("Budgets of the actions; left out, the kit's own."),
});
export type WrittenPolicy = z.infer<typeof writtenPolicy>;

export type CheckPolicy = Readonly<{ every: Millis; timeout: Millis; inARow: number }>;

/** A policy with every question answered: nothing below asks whether a value was given. */
export type Policy = Readonly<{
  quickCheck: CheckPolicy;
  deepCheck: CheckPolicy;
  localRecovery: Readonly<{ enabled: boolean; attempts: number; within: Millis }>;
  failover: Readonly<{ enabled: boolean; forget: Millis }>;
  switchback: Readonly<{ after: Millis }>;
  preflight: Readonly<{ enabled: boolean; every: Millis }>;
  start: Readonly<{ wait: Millis }>;
  removeFails: 'wait' | 'fenceSelf';
  notificationOnly: boolean;
  timeouts: Readonly<{ restore?: Millis; remove?: Millis; recover?: Millis }>;
}>;

export const defaultPolicy: Policy = {
  quickCheck: { every: 10_000, timeout: 5_000, inARow: 1 },
  deepCheck: { every: 300_000, timeout: 30_000, inARow: 2 },
  localRecovery: { enabled: true, attempts: 3, within: 1_800_000 },
  failover: { enabled: true, forget: 600_000 },
  switchback: { after: 60_000 },
  preflight: { enabled: true, every: 600_000 },
  start: { wait: 60_000 },
  removeFails: 'wait',
  notificationOnly: false,
  timeouts: {},
};

/** The effective policy: each level overrides those before it. */
export function resolvePolicy(...levels: readonly (WrittenPolicy | undefined)[]): Policy {
  return levels.reduce<Policy>(
    (above, level) => (level === undefined ? above : override(above, level)),
    defaultPolicy,
  );
}

function override(above: Policy, level: WrittenPolicy): Policy {
  return {
    quickCheck: { ...above.quickCheck, ...given(level.quickCheck) },
    deepCheck: { ...above.deepCheck, ...given(level.deepCheck) },
    localRecovery: { ...above.localRecovery, ...given(level.localRecovery) },
    failover: { ...above.failover, ...given(level.failover) },
    switchback: { ...above.switchback, ...given(level.switchback) },
    preflight: { ...above.preflight, ...given(level.preflight) },
    start: { ...above.start, ...given(level.start) },
    removeFails: level.removeFails ?? above.removeFails,
    notificationOnly: level.notificationOnly ?? above.notificationOnly,
    timeouts: { ...above.timeouts, ...given(level.timeouts) },
  };
}

/** Without the entries that are undefined, so that a spread cannot overwrite a value with nothing. */
function given<Part extends object>(
  part: Part | undefined,
): { [Key in keyof Part]?: NonNullable<Part[Key]> } {
  const entries = Object.entries(part ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Part]?: NonNullable<Part[Key]> };
}
