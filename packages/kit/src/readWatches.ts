import { z } from 'zod';
import type { Watch } from './contract.ts';

const word = z.string().min(1).max(4096);
const watches = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('address'), address: word }),
      z.strictObject({ kind: z.literal('mount'), mountPoint: word }),
      z.strictObject({ kind: z.literal('process'), pidFile: word }),
      z.strictObject({ kind: z.literal('command'), argv: z.tuple([word], word) }),
    ]),
  )
  .max(100);

/** What a kit says is to be listened to; or what is wrong with it. */
export function readWatches(declared: unknown): Readonly<{ watches: readonly Watch[]; fault?: string }> {
  const read = watches.safeParse(declared);
  if (read.success) return { watches: read.data };
  return { watches: [], fault: `the answer of watch has the wrong form: ${z.prettifyError(read.error)}` };
}
