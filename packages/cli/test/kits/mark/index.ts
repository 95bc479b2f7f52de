import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineKit, done, failed, found, type KitCall, waitUntil } from '@holdfast/kit';
import { z } from 'zod';

const settings = z.strictObject({
  folder: z.string().startsWith('/').describe('Where the marks are.'),
  name: z.string().min(1).describe('The mark.'),
});
type Settings = z.infer<typeof settings>;
type Call = KitCall<Settings>;

/**
 * A mark in a folder is in service; one that says `broken` has failed. Files beside it give it its temper, so that a
 * test can hold an action as long as it looks, and let it go: NAME.hold, NAME.refuses, NAME.unready.
 */
export const kit = defineKit<Settings>({
  type: 'mark',
  summary: 'A file in a folder.',
  settings,
  identity: ({ folder, name }) => join(folder, name),
  budgets: { restore: 60_000, remove: 60_000, recover: 60_000, quickCheck: 5_000 },
  restore: (call) => make(call, 'made'),
  recover: (call) => make(call, 'made anew'),
  remove: async (call) => {
    await held(call);
    if (await has(call, 'refuses')) return failed('it will not go', `rm ${fileOf(call)}.refuses`);
    await rm(fileOf(call), { force: true });
    return done('no mark');
  },
  quickCheck: async (call) => {
    const text = await readFile(fileOf(call), 'utf8').catch(() => undefined);
    if (text === undefined) return found('out-of-service', 'no mark');
    return text === 'broken' ? found('failed', 'the mark is broken') : found('in-service', 'a mark');
  },
  deepCheck: async () => found('in-service', 'looked closely'),
  preflight: async (call) => {
    const isReady = !(await has(call, 'unready'));
    const todo = isReady ? '' : `rm ${fileOf(call)}.unready`;
    const evidence = isReady ? 'a folder for the mark' : 'the folder is reserved';
    return { ready: isReady, evidence, todo, rank: 50, warnings: [] };
  },
});

async function make(call: Call, says: string) {
  await held(call);
  if (await has(call, 'refuses')) return failed('the folder takes no mark', `rm ${fileOf(call)}.refuses`);
  await mkdir(call.settings.folder, { recursive: true });
  await writeFile(fileOf(call), 'whole');
  return done(says);
}

async function held(call: Call): Promise<void> {
  const isFree = async (): Promise<true | undefined> => ((await has(call, 'hold')) ? undefined : true);
  await waitUntil(isFree, { withinMs: call.budgetMs, signal: call.signal });
}

function fileOf({ settings: { folder, name } }: Pick<Call, 'settings'>): string {
  return join(folder, name);
}

async function has(call: Call, temper: string): Promise<boolean> {
  return access(`${fileOf(call)}.${temper}`).then(
    () => true,
    () => false,
  );
}
