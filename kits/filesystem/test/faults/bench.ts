import { stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type AbortStep, type CheckResult, type Outcome, type Readiness, start } from '@holdfast/kit';
import { type Lab, type LabHost, type LabNode, openLab, openLines } from '@holdfast/lab';
import { driveKit } from '@holdfast/testkit/kits';

const programs = fileURLToPath(new URL('../programs/', import.meta.url));
export const mountPoint = '/srv/a place';
export const label = 'holdfast-fs-fault';

type Answers = {
  restore: Outcome;
  remove: Outcome;
  recover: Outcome;
  quickCheck: CheckResult;
  deepCheck: CheckResult;
  preflight: Readiness;
  abort: readonly AbortStep[];
};
export type Action = keyof Answers;
/** Beside the defaults. */
export type Changed = Readonly<Record<string, unknown>>;

/** Where the faults are injected: a node with a disk, a bystander on another disk, and the kit in a process there. */
export type Bench = Readonly<{
  node: LabNode;
  /** Another machine that can see the same disks. */
  client: LabHost;
  device: string;
  stranger: string;
  ask: <A extends Action>(action: A, changed?: Changed, budgetMs?: number) => Promise<Answers[A]>;
  must: (...argv: [string, ...string[]]) => Promise<string>;
  mustOn: (host: LabHost, ...argv: [string, ...string[]]) => Promise<string>;
  /** Starts one of the programs, and waits until it says that it holds. */
  hold: (name: string, folder: string) => Promise<void>;
  /** Freezes the file system: who writes waits in the kernel. Answers how to thaw it; the next fault finds it thawed. */
  freeze: () => Promise<() => Promise<void>>;
  /** Done before the next fault, the last one first. */
  later: (undo: () => Promise<unknown>) => void;
  /** The mount beside it, and who uses that. */
  bystander: () => Promise<string>;
  reset: () => Promise<void>;
  close: () => Promise<void>;
}>;

export async function openBench(): Promise<Bench> {
  const lab = await openLab();
  try {
    return await prepare(lab);
  } catch (error) {
    await lab.close();
    throw error;
  }
}

async function prepare(lab: Lab): Promise<Bench> {
  const node = await lab.addNode({ name: 'fs-alpha', address: '10.77.0.11' });
  const [disk, stranger, other] = [
    await lab.addDisk({ name: 'fault', sizeMb: 16 }),
    await lab.addDisk({ name: 'stranger', sizeMb: 16 }),
    await lab.addDisk({ name: 'bystander', sizeMb: 16 }),
  ];
  const device = disk.device;
  const undone: (() => Promise<unknown>)[] = [];
  const mustOn = async (host: LabHost, ...argv: [string, ...string[]]): Promise<string> => {
    const ran = await host.run(argv, { budgetMs: 20_000 });
    if (!ran.ok) throw new Error(`${argv.join(' ')}: ${ran.says}`);
    return ran.stdout.trim();
  };
  const must = (...argv: [string, ...string[]]): Promise<string> => mustOn(node, ...argv);
  const startAndWait = (argv: readonly [string, ...string[]]): Promise<() => Promise<unknown>> =>
    new Promise((resolve, reject) => {
      const started = node.start(argv, {
        onOutput: () =>
          resolve(async () => {
            started.kill('SIGKILL');
            await started.ended;
          }),
      });
      void started.ended.then(({ stderr }) => reject(new Error(`${argv.join(' ')} ended: ${stderr}`)));
    });

  await must('mkdir', '-p', '/srv/bystander');
  await must('mount', other.device, '/srv/bystander');
  await startAndWait(['sh', `${programs}holdFolder.sh`, '/srv/bystander']);
  const bystander = (): Promise<string> =>
    must('sh', '-c', 'findmnt -n -o ID,SOURCE --mountpoint /srv/bystander && fuser -M -m /srv/bystander');
  const kit = await openLines(node, driveKit, 'filesystem');
  const ask: Bench['ask'] = (action, changed = {}, budgetMs = 20_000) => {
    const settings = { device, mountPoint, fsType: 'ext4', deviceWaitMs: 0, ...changed };
    return kit.ask({ do: 'act', action, settings, budgetMs }, budgetMs + 5_000);
  };
  const undo = async (): Promise<void> => {
    for (let next = undone.pop(); next !== undefined; next = undone.pop()) await next();
  };

  return {
    node,
    client: lab.client,
    device,
    stranger: stranger.device,
    ask,
    must,
    mustOn,
    hold: async (name, folder) => {
      undone.push(await startAndWait(['sh', `${programs}${name}`, folder]));
    },
    later: (one) => undone.push(one),
    freeze: async () => {
      const thaw = await freeze(node.path(mountPoint));
      undone.push(thaw);
      return thaw;
    },
    bystander,
    reset: async () => {
      await undo();
      const removed = await ask('remove');
      if (removed.result === 'failed') throw new Error(`the last fault left it mounted: ${removed.evidence}`);
      await must('rm', '-rf', mountPoint);
      await must('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=1,lazy_journal_init=1', device);
    },
    close: async () => {
      await undo();
      await lab.close();
    },
  };
}

/** By a process outside the node: it must thaw the file system also when the node and this process are gone. */
async function freeze(folder: string): Promise<() => Promise<void>> {
  let said = '';
  let heard = (): void => undefined;
  const started = start(['sh', `${programs}freeze.sh`, folder], {
    keepInputOpen: true,
    onOutput: (text) => {
      said += text;
      heard();
    },
  });
  const says = (word: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`it was not ${word} within 5 s: ${said}`)), 5_000);
      heard = () => {
        if (!said.includes(word)) return;
        clearTimeout(timer);
        resolve();
      };
      heard();
    });
  await says('frozen');
  return async () => {
    started.closeInput();
    await says('thawed');
    started.kill('SIGKILL');
    await started.ended;
  };
}

/** A client of the file system, which knows nothing of the kit: writes to it, and looks what it wrote to. */
export async function clientIsServed({ node, device }: Bench, folder = mountPoint): Promise<boolean> {
  const path = node.path(`${folder}/client`);
  try {
    const [place, block] = [await stat(node.path(folder)), await stat(device)];
    if (place.dev !== block.rdev) return false;
    await writeFile(path, `${performance.now()}\n`, { flush: true });
    return true;
  } catch {
    return false;
  }
}

/** Does what the engine does about a failure: check, recover, and when that is refused remove and restore. */
export async function heal(
  bench: Bench,
  since: number,
): Promise<Readonly<{ healthyMs: number; says: string }>> {
  const check = await bench.ask('deepCheck', {}, 3_000);
  const says = [`${check.finding}: ${check.evidence}`];
  if (check.finding !== 'in-service') {
    const recovered = await bench.ask('recover');
    says.push(`recover: ${recovered.evidence}`);
    if (recovered.result === 'failed') {
      says.push(`remove: ${(await bench.ask('remove')).evidence}`);
      says.push(`restore: ${(await bench.ask('restore')).evidence}`);
    }
  }
  if (!(await clientIsServed(bench))) throw new Error(`the client is not served: ${says.join('\n')}`);
  return { healthyMs: performance.now() - since, says: says.join('\n') };
}

/** Brings it into service, with a client that is served. */
export async function bringUp(bench: Bench, changed: Changed = {}): Promise<void> {
  expectDone(await bench.ask('restore', changed));
  if (!(await clientIsServed(bench))) throw new Error('the client is not served after restore');
}

export function expectDone(outcome: Outcome, words?: string | RegExp): string {
  if (outcome.result !== 'done') throw new Error(`failed: ${outcome.evidence}`);
  return expectWords(outcome.evidence, words);
}

export function expectFailed(outcome: Outcome, words?: string | RegExp): string {
  if (outcome.result !== 'failed') throw new Error(`done, and should have failed: ${outcome.evidence}`);
  return expectWords(outcome.evidence, words);
}

export function expectFinding(
  check: CheckResult,
  finding: CheckResult['finding'],
  words?: string | RegExp,
): string {
  if (check.finding !== finding) throw new Error(`${check.finding} instead of ${finding}: ${check.evidence}`);
  return expectWords(`${finding}: ${check.evidence}`, words);
}

export function expectWords(says: string, words: string | RegExp | undefined): string {
  const isThere =
    words === undefined || (typeof words === 'string' ? says.includes(words) : words.test(says));
  if (!isThere) throw new Error(`it does not say ${words}: ${says}`);
  return says;
}

/** Where it is mounted now, in the words of another program. */
export async function mountedAt(bench: Bench, device: string): Promise<string> {
  const shown = await bench.node.run(['findmnt', '-n', '-r', '-o', 'TARGET', '--source', device], {
    budgetMs: 5_000,
  });
  return shown.stdout.trim();
}
