import { readFile } from 'node:fs/promises';
import type { KitCall } from '@holdfast/kit';
import { isWithin, type Mount, mountOf, readMounts } from './readMounts.ts';
import type { Settings } from './settings.ts';

/**
 * What keeps these mounts without a process: loop devices and swap files on them, and exports to other machines. Each
 * in words: they are somebody's, and nothing of them is ended here.
 */
export async function findStays(
  { run, signal }: Pick<KitCall<Settings>, 'run' | 'signal'>,
  targets: readonly Mount[],
): Promise<readonly string[]> {
  const devices = new Set(targets.map(({ device }) => device));
  const ids = new Set(targets.map(({ id }) => id));
  const mounts = await readMounts();
  const isOn = (path: string): boolean => {
    const mount = mountOf(path, mounts);
    return mount !== undefined && ids.has(mount.id);
  };
  const loops = await run(['losetup', '--list', '--json', '--output', 'NAME,BACK-FILE,BACK-MAJ:MIN'], {
    budgetMs: 2_000,
    signal,
  });
  return [
    ...readLoops(loops.ok ? loops.stdout : '')
      .filter(({ number }) => devices.has(number))
      .map(({ name, file }) => `the loop device ${name} of ${file} (losetup -d ${name})`),
    ...readSwaps(await readFile('/proc/swaps', 'utf8').catch(() => ''))
      .filter(isOn)
      .map((path) => `the swap file ${path} (swapoff ${path})`),
    ...readExports(await readFile('/proc/fs/nfsd/exports', 'utf8').catch(() => ''))
      .filter((path) => targets.some(({ mountPoint }) => isWithin(path, mountPoint)))
      .map((path) => `the export ${path} (exportfs -u)`),
  ];
}

type Loop = Readonly<{ name: string; file: string; number: string }>;

/** By the number of the device on which its file is: the file's name may be another file in another namespace. */
export function readLoops(json: string): readonly Loop[] {
  if (json.trim() === '') return [];
  const { loopdevices } = JSON.parse(json) as { loopdevices: Record<string, string | null>[] };
  return loopdevices.flatMap((device) => {
    const { name, 'back-file': file, 'back-maj:min': number } = device;
    return name == null || number == null ? [] : [{ name, file: file ?? '?', number: number.trim() }];
  });
}

export function readSwaps(text: string): readonly string[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => /^(\/.*?)\s+file\s/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map((path) => path.replaceAll('\\040', ' '));
}

export function readExports(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => /^(\/\S*)/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map((path) => path.replaceAll('\\040', ' '));
}
