import { connect, type Socket } from 'node:net';
import { answerLines } from '@holdfast/testkit/kits';

/*
 * A mail client on another host, which shares nothing with the kit: `client.ts SOCKET`. Its answers are the codes of
 * the server.
 *
 *   {"do":"talk","host":"10.77.0.50","port":25,"lines":["EHLO x"]}  ["220","250"]
 *   {"do":"wait", ...}  asks again until it is greeted              ["220","221"]
 *   {"do":"idle", ...}  connects, says nothing, and stays           ["220"]
 *   {"do":"leave"}      closes what is idle                         []
 */
type Request = Readonly<{
  do: 'talk' | 'wait' | 'idle' | 'leave';
  host: string;
  port: number;
  lines?: readonly string[];
  withinMs?: number;
}>;

const idle: Socket[] = [];

answerLines<Request>(perform);

async function perform(request: Request): Promise<readonly string[]> {
  const { withinMs = 5_000 } = request;
  if (request.do === 'leave') {
    for (const socket of idle.splice(0)) socket.destroy();
    return [];
  }
  if (request.do === 'talk') return talk(request, request.lines ?? [], withinMs, false);
  if (request.do === 'idle') return talk(request, [], withinMs, true);
  const until = performance.now() + withinMs;
  for (;;) {
    const codes = await talk(request, ['QUIT'], Math.min(500, withinMs), false);
    if (codes.includes('221') || performance.now() > until) return codes;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The code of each answer, as far as it came. */
function talk(
  { host, port }: Request,
  lines: readonly string[],
  withinMs: number,
  stays: boolean,
): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const codes: string[] = [];
    const socket = connect({ host, port });
    const end = (): void => {
      clearTimeout(timer);
      if (stays) idle.push(socket);
      else socket.destroy();
      resolve(codes);
    };
    const timer = setTimeout(end, withinMs);
    let text = '';
    socket.on('error', end);
    socket.on('close', end);
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      const last = /^(\d{3})(?: .*)?\r\n/m.exec(text);
      if (last === null) return;
      text = '';
      codes.push(last[1]!);
      const next = lines[codes.length - 1];
      if (next === undefined) end();
      else socket.write(`${next}\r\n`);
    });
  });
}
