import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { faultInAnswer, type KitCall, type Memory, run } from '@holdfast/kit';
import { kit } from '../../src/index.ts';

/**
 * Lives in a node as an agent does, keeps the kit's memory, and performs the actions that it is asked for on a
 * socket, a line of JSON each: `actions.ts SOCKET`.
 */
type Asked = Readonly<{
  id: number;
  action: 'restore' | 'remove' | 'recover' | 'quickCheck' | 'deepCheck' | 'preflight' | 'abort';
  settings: object;
  budgetMs: number;
}>;

const [socket] = process.argv.slice(2) as [string];
const memory: Memory = new Map();

const server = createServer((connection) => {
  createInterface({ input: connection }).on('line', async (line) => {
    const asked = JSON.parse(line) as Asked;
    const begunAt = performance.now();
    const answer = await perform(asked).catch((error: Error) => ({ fault: error.message }));
    connection.write(`${JSON.stringify({ id: asked.id, answer, tookMs: performance.now() - begunAt })}\n`);
  });
});
server.listen(socket, () => {
  chmodSync(socket, 0o600);
  process.stdout.write('ready\n');
});

async function perform({ action, settings, budgetMs }: Asked): Promise<unknown> {
  const signal = AbortSignal.timeout(budgetMs);
  const call: KitCall<unknown> = {
    tag: 'disk' as KitCall<unknown>['tag'],
    node: 'fs-alpha' as KitCall<unknown>['node'],
    settings: kit.settings.parse(settings),
    epoch: 0,
    args: [],
    signal,
    budgetMs,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    run: (argv, options) => run(argv, { signal, ...options }),
    memory,
  };
  const answer = await kit[action]!(call);
  const fault = faultInAnswer(action, answer);
  if (fault !== undefined) throw new Error(fault);
  return answer;
}
