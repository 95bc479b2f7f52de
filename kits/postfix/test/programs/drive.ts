import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { faultInAnswer, loadKit, type Memory, run } from '@holdfast/kit';

/*
 * Calls the kit inside a node, as an agent would, as long as it is wanted: one process, with the memory that a kit
 * keeps from call to call. Listens on the socket that it is given; a line of JSON for each call and each answer.
 *
 *   {"id":1,"action":"quickCheck","settings":{...},"budgetMs":5000} -> {"id":1,"answer":{...},"tookMs":12}
 */
type Call = Readonly<{ id: number; action: string; settings: unknown; budgetMs: number }>;

const loaded = await loadKit('postfix');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusals));
const { kit } = loaded;
const memories = new Map<string, Memory>();

createServer((socket) => {
  createInterface({ input: socket }).on('line', (line) => {
    const call = JSON.parse(line) as Call;
    void answer(call).then((result) => socket.write(`${JSON.stringify({ id: call.id, ...result })}\n`));
  });
}).listen(process.argv[2], () => process.stdout.write('listening\n'));

async function answer({ action, settings, budgetMs }: Call): Promise<object> {
  const read = kit.settings.safeParse(settings);
  if (!read.success) return { fault: read.error.message };
  const name = action as 'quickCheck';
  const perform = kit[name];
  if (typeof perform !== 'function') return { fault: `no ${action}` };
  const key = kit.identity(read.data);
  const memory = memories.get(key) ?? new Map<string, unknown>();
  memories.set(key, memory);
  const signal = AbortSignal.timeout(budgetMs);
  const begunAt = performance.now();
  try {
    const given = await perform({
      tag: 'mail' as never,
      node: 'alpha' as never,
      settings: read.data,
      epoch: 1,
      args: [],
      signal,
      budgetMs,
      memory,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      run: (argv, options) => run(argv, { signal, ...options }),
    });
    return { answer: given, fault: faultInAnswer(name, given), tookMs: performance.now() - begunAt };
  } catch (error) {
    return { fault: `${action} threw: ${(error as Error).stack}` };
  }
}
