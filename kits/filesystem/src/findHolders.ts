import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { listPids, type ProcessEntry, readProcess } from '@holdfast/kit';
import type { Mount } from './readMounts.ts';

export type Holder = Readonly<{ process: ProcessEntry; by: string }>;

/**
 * Who holds a mount: by its working folder, root, program, an open file or a mapped one. The path alone may mean
 * another file system in another mount namespace, so the device must be the same too.
 */
export async function findHolders(mount: Mount): Promise<readonly Holder[]> {
  const spared = await ownLine();
  const candidates = (await listPids()).filter((pid) => pid !== 1 && !spared.has(pid));
  const holders = await Promise.all(
    candidates.map(async (pid): Promise<Holder | undefined> => {
      const entry = await readProcess(pid);
      if (entry === undefined) return undefined;
      const by = await howItHolds(pid, mount);
      return by === undefined ? undefined : { process: entry, by };
    }),
  );
  return holders.filter((holder) => holder !== undefined);
}

/** This process and those that started it: never ended, whatever they hold. */
async function ownLine(): Promise<ReadonlySet<number>> {
  const line = new Set<number>();
  for (let pid = process.pid; pid > 0 && !line.has(pid); ) {
    line.add(pid);
    pid = (await readProcess(pid))?.parent ?? 0;
  }
  return line;
}

async function howItHolds(pid: number, mount: Mount): Promise<string | undefined> {
  for (const name of ['cwd', 'root', 'exe']) {
    if (await leadsInto(`/proc/${pid}/${name}`, mount)) return name;
  }
  for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if (await leadsInto(`/proc/${pid}/fd/${descriptor}`, mount)) return 'an open file';
  }
  return (await isMapped(pid, mount)) ? 'a mapped file' : undefined;
}

async function leadsInto(link: string, mount: Mount): Promise<boolean> {
  const target = await readlink(link).catch(() => undefined);
  if (target === undefined || !isWithin(target, mount.mountPoint)) return false;
  const status = await stat(link).catch(() => undefined);
  return status !== undefined && deviceNumber(status.dev) === mount.device;
}

async function isMapped(pid: number, mount: Mount): Promise<boolean> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => '');
  return maps.split('\n').some((line) => {
    const [, , , device, , ...path] = line.split(/\s+/);
    if (device === undefined || !isWithin(path.join(' '), mount.mountPoint)) return false;
    const [major, minor] = device.split(':').map((part) => Number.parseInt(part, 16));
    return `${major}:${minor}` === mount.device;
  });
}

function isWithin(path: string, mountPoint: string): boolean {
  return path === mountPoint || path.startsWith(`${mountPoint}/`);
}

function deviceNumber(dev: number): string {
  const wide = BigInt(dev);
  return `${(wide >> 8n) & 0xfffn}:${(wide & 0xffn) | ((wide >> 12n) & 0xffffff00n)}`;
}
