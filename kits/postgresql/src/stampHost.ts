import { chown, open, readFile, readlink, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Installation } from './findInstallation.ts';
import type { Settings } from './settings.ts';

/*
 * postmaster.pid protects the data on one kernel only: a server on another host is not seen. So each restore leaves a
 * stamp in the data directory: which node, in which life of it, under which epoch of the claim. A clean remove takes
 * it away. What a crash leaves is no lock:
 *
 *   no stamp, or one of this node -----------> ours
 *   another's, and our epoch is higher ------> ours: the cluster has seen to it that the other one is out
 *   another's, of our epoch or a later one --> refused: whoever calls us does not hold the claim
 *
 * No clock is compared, so none can be wrong. The cluster's claim remains what protects: the stamp shows a mistake
 * (by hand, a second cluster, a disk that is given to two) before it destroys the data.
 */
type Stamp = Readonly<{ node: string; host: string; boot: string; processes: string; epoch: number }>;

/** Copies made by pg_basebackup leave out what begins so: the stamp is of these data on this disk alone. */
const stampName = 'pgsql_tmp.holdfast-host';

/** Undefined when the data are ours now; else why not. */
export async function stampHost(
  { settings, node, epoch }: KitCall<Settings>,
  { owner }: Installation,
): Promise<Outcome | undefined> {
  const path = `${settings.dataDirectory}/${stampName}`;
  const [host, before] = await Promise.all([thisHost(), readStamp(path)]);
  const mine = { ...host, node, epoch };
  if (before !== undefined && !isSameHost(before, mine) && before.epoch >= epoch) {
    return failed(
      `${path} says that ${before.node} (${before.host}) serves these data under epoch ${before.epoch}, and this is epoch ${epoch}`,
      `remove it on ${before.node} first; when that node is surely down, delete ${path}`,
    );
  }
  if (JSON.stringify(before) === JSON.stringify(mine)) return undefined;
  try {
    await writeStamp(path, JSON.stringify(mine), owner);
    return undefined;
  } catch (error) {
    return failed(
      `${path} cannot be written: ${(error as Error).message}`,
      'see that the file system is writable and has room',
    );
  }
}

/** After a clean remove nobody serves these data. A stamp that is another's is left alone. */
export async function clearStamp({ settings, node }: KitCall<Settings>): Promise<void> {
  const path = `${settings.dataDirectory}/${stampName}`;
  const stamp = await readStamp(path);
  if (stamp === undefined || !isSameHost(stamp, { ...(await thisHost()), node, epoch: 0 })) return;
  // On a disk that is read-only it stays, and says the truth: this was the last host.
  await unlink(path).catch(() => undefined);
}

/** A node of the same name in another boot is this one's earlier life. */
function isSameHost(one: Stamp, other: Stamp): boolean {
  return one.node === other.node || (one.boot === other.boot && one.processes === other.processes);
}

async function thisHost(): Promise<Pick<Stamp, 'host' | 'boot' | 'processes'>> {
  const [boot, processes] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readlink('/proc/self/ns/pid'),
  ]);
  // Two containers on one kernel do not see each other's processes: they are two hosts.
  return { host: hostname(), boot: boot.trim(), processes };
}

async function readStamp(path: string): Promise<Stamp | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { node, host, boot, processes, epoch } = JSON.parse(text) as Stamp;
    if (typeof epoch === 'number') return { host, boot, processes, node, epoch };
  } catch {
    // It is written aside and renamed, so half a stamp is not one of ours.
  }
  return undefined;
}

async function writeStamp(path: string, text: string, { uid, gid }: Installation['owner']): Promise<void> {
  const aside = `${path}.new`;
  const file = await open(aside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await chown(aside, uid, gid);
  await rename(aside, path);
}
