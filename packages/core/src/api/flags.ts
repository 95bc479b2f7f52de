import { z } from 'zod';

/*
 * Flags are names that are there or not, kept by the agent of each node for people and scripts. One that begins with
 * `!volatile!` is forgotten when the agent starts.
 */

export const volatilePrefix = '!volatile!';

const flag = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[!-~]+$/, 'printable characters of ASCII without blanks');

/** PUT and DELETE /v1/flags */
export const flagRequest = z.strictObject({ flag, by: z.string().min(1).max(200).default('operator') });
export type FlagRequest = z.input<typeof flagRequest>;

/** GET /v1/flags, and the answer to a change: all that are there, sorted. */
export const flagsAnswer = z.object({ flags: z.array(z.string()) });
export type FlagsAnswer = z.infer<typeof flagsAnswer>;
