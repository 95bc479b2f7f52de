import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { run } from '@holdfast/kit';
import { answerLines } from '@holdfast/testkit/kits';

/**
 * Runs programs in a node, such as those that inject a fault, and answers whoever connects to its port with the name
 * of the machine. `atNode.ts SOCKET PORT`
 */
createServer((socket) => socket.on('error', () => undefined).end(hostname())).listen(
  Number(process.argv[3]),
  '::',
);

answerLines<{ argv: [string, ...string[]] }>(async ({ argv }) => {
  const { ok, stdout, says } = await run(argv, { budgetMs: 10_000 });
  return { ok, stdout, says };
});
