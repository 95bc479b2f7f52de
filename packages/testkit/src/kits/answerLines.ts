import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Answers lines of JSON on the socket whose path is the first word of this program, as `openLines` of the lab asks
 * them: each request by itself, whichever is done first.
 */
export function answerLines<Request>(answer: (request: Request) => Promise<unknown>): void {
  createServer((socket) => {
    // Who asked is gone: nobody reads the answer.
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      const request = JSON.parse(line) as Request & { id: number };
      const say = (fields: object): void =>
        void socket.write(`${JSON.stringify({ id: request.id, ...fields })}\n`);
      answer(request).then(
        (value) => say({ value }),
        (error: Error) => say({ error: error.stack ?? error.message }),
      );
    });
  }).listen(process.argv[2], () => process.stdout.write('listening\n'));
}
