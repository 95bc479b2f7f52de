import { join } from 'node:path';
import type { Lab, LabEtcd } from '@holdfast/lab';

let runs = 0;

export type Seen = Readonly<{
  wrong: readonly string[];
  acknowledged: number;
  committedUnknown: number;
  longestGapMs: number;
  longestCallMs: number;
}>;

/** Writes, reads and watches inside the lab while something happens to etcd. */
export async function whileWriting(
  { lab, etcd }: Readonly<{ lab: Lab; etcd: LabEtcd }>,

  happens: (hears: (word: string) => Promise<void>) => Promise<void>,
): Promise<Seen> {
  const program = join(import.meta.dirname, 'programs/etcdUnderFaults.ts');
  runs += 1;
  const options = {
    endpoints: etcd.endpoints,
    prefix: `/faults/${runs}/`,
    suspectAfterMs: 100,
    progressEveryMs: 100,
  };
  let said = '';
  const waiting = new Map<string, () => void>();
  const hears = (word: string): Promise<void> =>
    new Promise((resolve) => {
      if (said.includes(`${word}\n`)) resolve();
      else waiting.set(`${word}\n`, resolve);
    });
  const started = lab.client.start([process.execPath, program, JSON.stringify(options)], {
    keepInputOpen: true,
    onOutput: (text) => {
      said += text;
      for (const [word, resolve] of waiting) if (said.includes(word)) resolve();
    },
  });
  await Promise.race([hears('ready'), started.ended]);
  await Promise.race([happens(hears), started.ended]);
  started.closeInput();
  const { stderr } = await started.ended;
  const line = said.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(stderr);
  if (process.env.HOLDFAST_TELL === '1') process.stderr.write(`${line}\n`);
  return JSON.parse(line) as Seen;
}

export async function allThere(etcd: LabEtcd): Promise<void> {
  await etcd.leader();
  for (let tries = 0; tries < 100; tries += 1) if ((await etcd.status()).length === 3) return;
  throw new Error('a member did not come back');
}
