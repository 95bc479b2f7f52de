import { converse, type Response } from './converse.ts';
import { type Answer, type Asked, connectionTrouble, lost } from './trouble.ts';

export type Exchange = Asked & Readonly<{ body?: unknown; boundMs: number }>;
export type Said = Readonly<{ status: number; text: string }>;

/** One request and its whole answer, within a bound. Never throws for how it went. */
export async function exchange(asked: Exchange): Promise<Answer<Said>> {
  const signal = AbortSignal.timeout(asked.boundMs);
  try {
    const response = await converse(asked, signal);
    return { ok: true, value: { status: response.statusCode, text: await textOf(response) } };
  } catch (error) {
    const reason = signal.aborted ? (signal.reason as Error) : (error as Error);
    if (reason.message === 'aborted')
      return { ok: false, trouble: lost(asked, 'the connection ended in mid-answer') };
    return { ok: false, trouble: connectionTrouble(asked, reason, asked.boundMs) };
  }
}

export async function textOf({ pieces, close }: Response): Promise<string> {
  let text = '';
  try {
    for await (const piece of pieces) {
      text += piece;
      if (text.length > answerMax) throw new Error(`the answer is longer than ${answerMax} characters`);
    }
  } finally {
    close();
  }
  return text;
}

/** Far above the status of the largest node; below what would hurt the machine of the one who asks. */
const answerMax = 64 * 1024 * 1024;
