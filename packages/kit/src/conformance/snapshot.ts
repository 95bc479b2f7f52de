import { readFile } from 'node:fs/promises';
import { listPids, readProcess } from '../processes.ts';
import { run } from '../run.ts';
import { waitUntil } from '../waitUntil.ts';

/** What a resource may leave on a node: processes, mounts and addresses, each with words for a person. */
export type Snapshot = ReadonlyMap<string, string>;

export async function takeSnapshot(): Promise<Snapshot> {
  return new Map([...(await processes()), ...(await mounts()), ...(await addresses())]);
}

/**
 * What is there now and was not before, after a moment for what is about to end. A process whose parent was there
 * before is its parent's affair: a bystander may start and end workers as it likes.
 */
export async function findLeftovers(before: Snapshot): Promise<readonly string[]> {
  let left: readonly string[] = [];
  await waitUntil(
    async () => {
      left = [...findNew(before, await takeSnapshot()).values()];
      return left.length === 0 ? true : undefined;
    },
    { withinMs: 3_000 },
  );
  return left;
}

/** What is there now and was not before. */
export function findNew(before: Snapshot, now: Snapshot): Snapshot {
  return new Map([...now].filter(([key]) => !before.has(key)));
}

async function processes(): Promise<[string, string][]> {
  const entries = (await Promise.all((await listPids()).map(readProcess))).filter(
    (entry) => entry !== undefined && entry.pid !== process.pid,
  );
  const here = new Set(entries.map((entry) => entry!.pid));
  return entries.flatMap((entry) => {
    const { pid, startedAt, parent, name } = entry!;
    // Only what stands alone or hangs on us can be a resource's.
    if (here.has(parent) && parent !== 1) return [];
    return [[`process ${pid} ${startedAt}`, `the process ${pid} (${name})`]];
  });
}

async function mounts(): Promise<[string, string][]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const [, , device, root, place] = line.split(' ');
    return [`mount ${device} ${root} ${place}`, `the mount ${place}`];
  });
}

type Link = { ifname: string; addr_info?: { local?: string; prefixlen?: number }[] };

async function addresses(): Promise<[string, string][]> {
  const shown = await run(['ip', '-json', 'addr', 'show'], { budgetMs: 5_000 });
  if (!shown.ok) return [];
  return (JSON.parse(shown.stdout) as Link[]).flatMap(({ ifname, addr_info }) =>
    (addr_info ?? []).map(({ local, prefixlen }): [string, string] => [
      `address ${ifname} ${local}/${prefixlen}`,
      `the address ${local}/${prefixlen} on ${ifname}`,
    ]),
  );
}
