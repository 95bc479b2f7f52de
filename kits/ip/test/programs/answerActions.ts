import { unlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { type Kit, type KitCall, loadKit, type Memory, run } from '@holdfast/kit';

/**
 * Calls the actions of a kit as an agent would, in one process that keeps their memory: a line of JSON for each on a
 * Unix socket, a line with the answer for each. Starts programs too, such as those that inject a fault, and answers
 * whoever connects to its port with the name of this machine.
 */
const [type = '', path = '', port = ''] = process.argv.slice(2);
const loaded = await loadKit(type);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusals));
const { kit } = loaded;
const memories = new Map<string, Memory>();
let warnings: string[] = [];

type Request = { id: number } & (
  | { do: 'act'; action: 'restore'; settings: unknown; tag: string; budgetMs: number }
  | { do: 'run'; argv: [string, ...string[]]; input?: string }
  | { do: 'warnings' }
  | { do: 'forget' }
);

createServer((socket) => {
  createInterface({ input: socket }).on('line', (line) => {
    const request = JSON.parse(line) as Request;
    const say = (fields: object): void =>
      void socket.write(`${JSON.stringify({ id: request.id, ...fields })}\n`);
    answer(request).then(
      (value) => say({ value }),
      (error: Error) => say({ error: error.stack ?? error.message }),
    );
  });
}).listen(path);
createServer((socket) => socket.on('error', () => undefined).end(hostname())).listen(Number(port), '::');
process.once('exit', () => unlinkSync(path));

async function answer(request: Request): Promise<unknown> {
  switch (request.do) {
    case 'act':
      return act(request);
    case 'run': {
      const input = request.input === undefined ? {} : { input: request.input };
      const { ok, stdout, says } = await run(request.argv, { budgetMs: 10_000, ...input });
      return { ok, stdout, says };
    }
    case 'warnings':
      return warnings;
    case 'forget':
      for (const memory of memories.values()) await kit.close?.(memory);
      memories.clear();
      warnings = [];
      return 'forgotten';
  }
}

async function act({ action, settings, tag, budgetMs }: Extract<Request, { do: 'act' }>): Promise<unknown> {
  const perform: Kit['restore'] | undefined = kit[action];
  if (perform === undefined) throw new Error(`no action ${action}`);
  const memory = memories.get(tag) ?? new Map();
  memories.set(tag, memory);
  const signal = AbortSignal.timeout(budgetMs);
  const call: KitCall<unknown> = {
    tag: tag as never,
    node: hostname() as never,
    settings: kit.settings.parse(settings),
    epoch: 1,
    args: [],
    signal,
    budgetMs,
    memory,
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (_, says) => void warnings.push(says),
    },
    run: (argv, options) => run(argv, { signal, ...options }),
  };
  return perform(call);
}
