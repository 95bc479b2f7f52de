import { faultInAnswer, loadKit, type Memory } from '@holdfast/kit';
import { answerLines } from '../answerLines.ts';
import { callOf } from '../callOf.ts';

/*
 * Calls a kit inside a node, as an agent would, as long as it is wanted: one process, with the memory that a kit keeps
 * from call to call, one for each thing that it protects. `driveKit.ts SOCKET TYPE`
 *
 *   {"do":"act","action":"quickCheck","settings":{...},"budgetMs":5000}  the answer, with `tookMs` unless it is a list
 *   {"do":"warnings"}                                                    what the kit has warned of
 *   {"do":"forget"}                                                      lets go of what is kept, and of the warnings
 *
 * `"memory":"fresh"` calls as somebody who calls once.
 */
type Act = Readonly<{
  do: 'act';
  action: string;
  settings: unknown;
  budgetMs: number;
  epoch?: number;
  memory?: 'kept' | 'fresh';
}>;
type Request = Act | Readonly<{ do: 'warnings' | 'forget' }>;

const loaded = await loadKit(process.argv[3] ?? '');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusals));
const { kit } = loaded;
const memories = new Map<string, Memory>();
let warnings: string[] = [];

answerLines<Request>(async (request) => {
  if (request.do === 'act') return act(request);
  if (request.do === 'warnings') return warnings;
  for (const memory of memories.values()) await kit.close?.(memory);
  memories.clear();
  warnings = [];
  return 'forgotten';
});

async function act({ action, settings, budgetMs, epoch = 1, memory = 'kept' }: Act): Promise<unknown> {
  const name = action as 'quickCheck';
  const perform = kit[name];
  if (typeof perform !== 'function') throw new Error(`no action ${action}`);
  const begunAt = performance.now();
  const answer = await perform(
    callOf(kit, {
      settings,
      signal: AbortSignal.timeout(budgetMs),
      budgetMs,
      epoch,
      memory: memory === 'kept' ? memoryOf(settings) : new Map(),
      warn: (says) => void warnings.push(says),
    }),
  );
  const fault = faultInAnswer(name, answer);
  if (fault !== undefined) throw new Error(`${action}: ${fault}`);
  return Array.isArray(answer) ? answer : { ...answer, tookMs: performance.now() - begunAt };
}

function memoryOf(settings: unknown): Memory {
  const key = kit.identity(kit.settings.parse(settings));
  const memory = memories.get(key) ?? new Map<string, unknown>();
  memories.set(key, memory);
  return memory;
}
