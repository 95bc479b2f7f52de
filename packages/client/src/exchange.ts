import { type IncomingMessage, request } from 'node:http';
import { type Answer, type Asked, connectionTrouble, lost } from './trouble.ts';

export type Exchange = Asked & Readonly<{ body?: unknown; boundMs: number }>;
export type Said = Readonly<{ status: number; text: string }>;

/** One request and its whole answer, within a bound. Never throws for how it went. */
export async function exchange(asked: Exchange): Promise<Answer<Said>> {
  const signal = AbortSignal.timeout(asked.boundMs);
  try {
    const response = await open(asked, signal);
    return { ok: true, value: { status: response.statusCode ?? 0, text: await textOf(response) } };
  } catch (error) {
    const reason = signal.aborted ? (signal.reason as Error) : (error as Error);
    if (reason.message === 'aborted')
      return { ok: false, trouble: lost(asked, 'the connection ended in mid-answer') };
    return { ok: false, trouble: connectionTrouble(asked, reason, asked.boundMs) };
  }
}

/** Sends the request; answers when the head of the response is there. */
export function open(asked: Asked & { body?: unknown }, signal: AbortSignal): Promise<IncomingMessage> {
  const { socketPath, method, path } = asked;
  const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath,
        method,
        path,
        signal,
        // One connection for one request: nothing is kept that could have gone stale.
        agent: false,
        headers:
          body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

export async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const piece of response) {
    text += piece;
    if (text.length > answerMax) throw new Error(`the answer is longer than ${answerMax} characters`);
  }
  return text;
}

/** Far above the status of the largest node; below what would hurt the machine of the one who asks. */
const answerMax = 64 * 1024 * 1024;
