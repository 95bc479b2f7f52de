import { readdir, readFile, readlink } from 'node:fs/promises';
import type * as Kit from '@holdfast/kit';
import type { ProcessEntry } from '@holdfast/kit';
import { type Mount, mountOf, readMounts } from './readMounts.ts';

const mapWithinMs = 500;

/** A process that holds a mount. */
export type Holder = Readonly<{
  process: ProcessEntry;
  /** How it holds it. */
  by: string;
  /** The first process, this one, and those that started this one: never ended, whatever they hold. */
  isSpared: boolean;
}>;

/**
 * How processes are read. Handed in, so that the program of `abort` need not load all of the kit's package, which
 * takes a quarter of the second that it has.
 */
export type Processes = Pick<typeof Kit, 'listPids' | 'readProcess' | 'askOnce'>;

/** The same thing, mounted in the namespace of other processes. */
export type ForeignMount = Readonly<{ pid: number; mount: Mount }>;

export type Held = Readonly<{ holders: readonly Holder[]; foreign: readonly ForeignMount[] }>;

/**
 * Who holds these mounts: by its working folder, root, program, an open file or a mapped one; and in which other
 * mount namespaces the same thing is mounted. What a path means is looked up in the table of mounts of the process's
 * own namespace, and nothing is asked of the file system: a dead disk cannot hang the search.
 */
export async function findHolders(
  targets: readonly Mount[],
  isSameThing: (mount: Mount) => boolean,
  processes: Processes,
): Promise<Held> {
  const { listPids, readProcess } = processes;
  const spared = await ownLine(processes);
  const ownNamespace = await namespaceOf('self');
  const ownIds = new Set(targets.map(({ id }) => id));
  const namespaces = new Map<string, Promise<Namespace>>();
  const tableOf = async (pid: number): Promise<Namespace | undefined> => {
    const name = await namespaceOf(pid);
    if (name === undefined) return undefined;
    const isOwn = name === ownNamespace;
    const known = namespaces.get(name) ?? readNamespace(pid, isOwn);
    namespaces.set(name, known);
    return known;
  };

  const candidates = await Promise.all(
    (await listPids()).map(async (pid): Promise<Holder | undefined> => {
      const entry = await readProcess(pid);
      const table = entry === undefined ? undefined : await tableOf(pid);
      if (entry === undefined || table === undefined) return undefined;
      const isHeld = (path: string): boolean => {
        const mount = mountOf(path, table.mounts);
        return mount !== undefined && (table.isOwn ? ownIds.has(mount.id) : isSameThing(mount));
      };
      const by = await howItHolds(pid, isHeld, processes);
      return by === undefined ? undefined : { process: entry, by, isSpared: pid === 1 || spared.has(pid) };
    }),
  );
  const tables = await Promise.all(namespaces.values());
  return {
    holders: candidates.filter((holder) => holder !== undefined),
    foreign: tables
      .filter(({ isOwn }) => !isOwn)
      .flatMap(({ pid, mounts }) => mounts.filter(isSameThing).map((mount) => ({ pid, mount }))),
  };
}

type Namespace = Readonly<{ pid: number; isOwn: boolean; mounts: readonly Mount[] }>;

async function readNamespace(pid: number, isOwn: boolean): Promise<Namespace> {
  // The root of another process may be narrower than its namespace; of our own we know the whole.
  return { pid, isOwn, mounts: await readMounts(isOwn ? 'self' : pid) };
}

async function namespaceOf(pid: number | 'self'): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/mnt`).catch(() => undefined);
}

/** This process and those that started it. */
async function ownLine({ readProcess }: Processes): Promise<ReadonlySet<number>> {
  const line = new Set<number>();
  for (let pid = process.pid; pid > 0 && !line.has(pid); ) {
    line.add(pid);
    pid = (await readProcess(pid))?.parent ?? 0;
  }
  return line;
}

async function howItHolds(
  pid: number,
  isHeld: (path: string) => boolean,
  processes: Processes,
): Promise<string | undefined> {
  for (const name of ['cwd', 'root', 'exe']) {
    if (await leadsInto(`/proc/${pid}/${name}`, isHeld)) return name;
  }
  for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if (await leadsInto(`/proc/${pid}/fd/${descriptor}`, isHeld)) return 'an open file';
  }
  return (await isMapped(pid, isHeld, processes)) ? 'a mapped file' : undefined;
}

async function leadsInto(link: string, isHeld: (path: string) => boolean): Promise<boolean> {
  const target = await readlink(link).catch(() => undefined);
  // A pipe or a socket is no path.
  return target?.startsWith('/') === true && isHeld(target);
}

async function isMapped(
  pid: number,
  isHeld: (path: string) => boolean,
  { askOnce }: Processes,
): Promise<boolean> {
  // A process that waits for a page of a dead disk may keep its map to itself for as long.
  const maps = await askOnce(`maps of ${pid}`, () => readFile(`/proc/${pid}/maps`, 'utf8').catch(() => ''), {
    withinMs: mapWithinMs,
    signal: AbortSignal.timeout(mapWithinMs),
  });
  if (maps === undefined) return false;
  const paths = new Set(
    maps.split('\n').map((line) => {
      const at = line.indexOf('/');
      return at < 0 ? '' : line.slice(at);
    }),
  );
  return [...paths].some((path) => path !== '' && isHeld(path));
}
