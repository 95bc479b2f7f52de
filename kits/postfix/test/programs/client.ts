import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/*
 * A mail client on another host, which shares nothing with the kit. Listens on the socket that it is given; a line of
 * JSON for each request and each answer.
 *
 *   {"id":1,"do":"talk","host":"10.77.0.50","port":25,"lines":["EHLO x"]} -> {"id":1,"codes":["220","250"]}
 *   {"id":2,"do":"wait", ...}  asks again until it is greeted             -> {"id":2,"codes":["220"]}
 *   {"id":3,"do":"idle", ...}  connects, says nothing, and stays          -> {"id":3,"codes":["220"]}
 *   {"id":4,"do":"leave"}      closes what is idle                        -> {"id":4,"codes":[]}
 */
type Request = Readonly<{
  id: number;
  do: 'talk' | 'wait' | 'idle' | 'leave';
  host: string;
  port: number;
  lines?: readonly string[];
  withinMs?: number;
}>;

const idle: Socket[] = [];

createServer((socket) => {
  createInterface({ input: socket }).on('line', (line) => {
    const request = JSON.parse(line) as Request;
    void perform(request).then((codes) => socket.write(`${JSON.stringify({ id: request.id, codes })}\n`));
  });
}).listen(process.argv[2], () => process.stdout.write('listening\n'));

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
