import { createInterface } from 'node:readline/promises';
import type { Surroundings } from './surroundings.ts';

/** Asks a person. Anything but yes is no, and so are the end of input and ^C. */
export async function confirm(
  question: string,
  { input, out }: Pick<Surroundings, 'input' | 'out'>,
): Promise<boolean> {
  out.write(`${question} [y/N] `);
  const asking = createInterface({ input });
  const gone = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([asking.question(''), gone]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}
