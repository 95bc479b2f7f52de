import { access, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  defineKit,
  done,
  failed,
  found,
  type Kit,
  type KitCall,
  type ProcessEntry,
  readProcess,
  signalProcess,
  waitUntil,
} from '../../src/index.ts';

export const settings = z.strictObject({ folder: z.string().startsWith('/') });
export type Settings = z.infer<typeof settings>;
type Call = KitCall<Settings>;

export const starter = fileURLToPath(new URL('../programs/startSleeper.sh', import.meta.url));

/** The smallest honest kit: its resource is a sleeping process whose number is in a file. */
export const honest = {
  type: 'sleeper',
  summary: 'A process that sleeps.',
  settings,
  identity: ({ folder }: Settings) => folder,
  budgets: { restore: 2_000, remove: 2_000, recover: 2_000, quickCheck: 500 },
  restore: async (call: Call) => {
    const there = await findSleeper(call.settings);
    if (there !== undefined) return done(`${there.pid} sleeps already`);
    const started = await call.run(['sh', starter, pidFile(call.settings)], { budgetMs: 1_000 });
    return started.ok ? done('it sleeps') : failed(started.says, 'see whether sleep is installed');
  },
  remove: async ({ settings }: Call) => {
    const there = await findSleeper(settings);
    if (there === undefined) return done('nobody sleeps');
    await endSleeper(there);
    await rm(pidFile(settings));
    return done(`${there.pid} ended`);
  },
  quickCheck: async ({ settings }: Call) => {
    if (await isFrozen(settings)) return found('failed', 'it is frozen');
    const there = await findSleeper(settings);
    return there === undefined
      ? found('out-of-service', 'nobody sleeps')
      : found('in-service', `${there.pid} sleeps`);
  },
};

/** The honest kit with a fault planted in it. */
export function sleeperKit(planted: Partial<Omit<Kit<Settings>, 'contract'>>): Kit {
  return defineKit<Settings>({ ...honest, ...planted });
}

export function pidFile({ folder }: Settings): string {
  return `${folder}/pid`;
}

export async function findSleeper(settings: Settings): Promise<ProcessEntry | undefined> {
  const text = await readFile(pidFile(settings), 'utf8').catch(() => '');
  return text === '' ? undefined : readProcess(Number(text));
}

export async function endSleeper(entry: ProcessEntry): Promise<void> {
  await signalProcess(entry, 'SIGKILL');
  await waitUntil(async () => ((await readProcess(entry.pid)) === undefined ? true : undefined), {
    withinMs: 1_000,
  });
}

export async function isFrozen({ folder }: Settings): Promise<boolean> {
  return access(`${folder}/frozen`).then(
    () => true,
    () => false,
  );
}
