import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { faultInAnswer, loadKit, type Memory, run } from '@holdfast/kit';

/*
 * Calls the kit inside a node, as an agent would, as long as it is wanted: one process, with the memory that a kit
 * keeps from call to call. Listens on the socket that it is given; a line of JSON for each call and each answer.
 *
 *   {"id":1,"action":"quickCheck","settings":{...},"budgetMs":5000,"epoch":1,"memory":"kept"}
 *   {"id":1,"answer":{...},"tookMs":12}
 *
 * `"memory":"fresh"` calls as somebody who calls once. The action `close` lets go of what is kept.
 */
type Call = Readonly<{
  id: number;
  action: string;
  settings: unknown;
  budgetMs: number;
  epoch: number;
  memory: 'kept' | 'fresh';
}>;

const [socketPath, nodeName] = process.argv.slice(2) as [string, string];
const loaded = await loadKit('postgresql');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusals));
const { kit } = loaded;
const kept: Memory = new Map();

createServer((socket) => {
  createInterface({ input: socket }).on('line', (line) => {
    const call = JSON.parse(line) as Call;
    void answer(call).then((result) => socket.write(`${JSON.stringify({ id: call.id, ...result })}\n`));
  });
}).listen(socketPath, () => process.stdout.write('listening\n'));

async function answer({ action, settings, budgetMs, epoch, memory }: Call): Promise<object> {
  if (action === 'close') {
    await kit.close?.(kept);
    kept.clear();
    return { answer: {} };
  }
  const read = kit.settings.safeParse(settings);
  if (!read.success) return { fault: read.error.message };
  const name = action as 'quickCheck';
  const perform = kit[name];
  if (typeof perform !== 'function') return { fault: `no ${action}` };
  const signal = AbortSignal.timeout(budgetMs);
  const begunAt = performance.now();
  try {
    const given = await perform({
      tag: 'pg' as never,
      node: nodeName as never,
      settings: read.data,
      epoch,
      args: [],
      signal,
      budgetMs,
      memory: memory === 'kept' ? kept : new Map(),
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      run: (argv, options) => run(argv, { signal, ...options }),
    });
    return { answer: given, fault: faultInAnswer(name, given), tookMs: performance.now() - begunAt };
  } catch (error) {
    return { fault: `${action} threw: ${(error as Error).stack}` };
  }
}
