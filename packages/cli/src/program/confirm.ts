import { createInterface } from 'node:readline/promises';

/** Asks a person. Anything but yes is no, and so are the end of input and ^C. */
export async function confirm(question: string, input: NodeJS.ReadStream): Promise<boolean> {
  const asking = createInterface({ input, output: process.stdout });
  const gone = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([asking.question(`${question} [y/N] `), gone]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}
