import { connect } from 'node:net';

export type Step = Readonly<{ say: string; expect: number }>;

/** How a dialogue ended: `done` as expected, `reply` with another answer, or without one. */
export type Talk = Readonly<{
  ending: 'done' | 'reply' | 'closed' | 'refused' | 'unreachable' | 'timeout' | 'aborted';
  /** What we had said last; empty for the greeting. */
  after: string;
  code: number | undefined;
  says: string;
}>;

type Request = Readonly<{
  host: string;
  port: number;
  steps: readonly Step[];
  withinMs: number;
  signal: AbortSignal;
}>;

/** No answer of a mail server is longer; what floods us is not one. */
const answerMaxBytes = 65_536;

/** Greeting, EHLO, the steps given, QUIT: in the order and at the pace that a mail server wants it. */
export function talkSmtp({ host, port, steps, withinMs, signal }: Request): Promise<Talk> {
  const dialogue: readonly Step[] = [
    { say: '', expect: 220 },
    { say: 'EHLO holdfast.invalid', expect: 250 },
    ...steps,
    { say: 'QUIT', expect: 221 },
  ];
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let at = 0;
    let text = '';
    const end = (ending: Talk['ending'], says: string, code?: number): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve({ ending, after: dialogue[Math.min(at, dialogue.length - 1)]!.say, code, says });
    };
    const onAbort = (): void => end('aborted', 'told to stop');
    const timer = setTimeout(
      () => end('timeout', `no answer within ${Math.round(withinMs)} ms`),
      Math.max(1, withinMs),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    socket.setEncoding('latin1');
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const ending = error.code === 'ECONNREFUSED' ? 'refused' : socket.connecting ? 'unreachable' : 'closed';
      end(ending, error.message);
    });
    socket.on('close', () => end('closed', 'it closed the connection without an answer'));
    socket.on('data', (piece: string) => {
      text += piece;
      if (text.length > answerMaxBytes) return end('closed', 'its answer has no end');
      const last = /^(\d{3})(?: .*)?\r?\n/m.exec(text);
      if (last === null) return;
      const code = Number(last[1]);
      const says = last[0].trim();
      if (code !== dialogue[at]!.expect) return end('reply', says, code);
      text = '';
      at += 1;
      if (at === dialogue.length) return end('done', 'it greets and answers', code);
      socket.write(`${dialogue[at]!.say}\r\n`);
    });
  });
}
