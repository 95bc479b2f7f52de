import { readdir, readFile, readlink } from 'node:fs/promises';
import { isIPv4, isIPv6 } from 'node:net';
import { listPids, type ProcessEntry, readProcess } from '@holdfast/kit';

/** A socket of this node that waits for clients. */
export type Listener = Readonly<{ address: string; port: number; inode: string }>;

const listening = '0A';

/** Who waits for clients on a port, whoever it is. Reads what the kernel shows; starts no program. */
export async function findListeners(port: number): Promise<readonly Listener[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')),
  );
  return tables.flatMap(parseListeners).filter((listener) => listener.port === port);
}

export function parseListeners(table: string): readonly Listener[] {
  return table
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      if (state !== listening) return [];
      return [{ address: readAddress(address), port: Number.parseInt(port, 16), inode }];
    });
}

/** The kernel shows words of four bytes in the order of this machine, which is little-endian where we run. */
function readAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  return Array.from({ length: 8 }, (_, index) =>
    Number.parseInt(`${bytes[index * 2]}${bytes[index * 2 + 1]}`, 16).toString(16),
  ).join(':');
}

/**
 * Who holds a port beside the server itself: undefined when nobody does, or `somebody` when the holder is in another
 * set of namespaces.
 */
export async function findHolder(
  port: number,
  own: ProcessEntry | undefined,
): Promise<ProcessEntry | 'somebody' | undefined> {
  const ours = new Set(own === undefined ? [] : await socketsOf(own.pid));
  const wanted = new Set(
    (await findListeners(port)).map(({ inode }) => inode).filter((one) => !ours.has(one)),
  );
  if (wanted.size === 0) return undefined;
  for (const pid of await listPids()) {
    const held = await socketsOf(pid);
    if (held.some((inode) => wanted.has(inode))) return (await readProcess(pid)) ?? 'somebody';
  }
  return 'somebody';
}

/** The sockets that a process has open, by number. */
export async function socketsOf(pid: number): Promise<readonly string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

/** One form for one address, so that two spellings of it are equal. */
export function sameForm(address: string): string | undefined {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const [head = '', tail] = address.split('::');
  const parts = (text: string): string[] => text.split(':').filter((part) => part !== '');
  const [front, back] = [parts(head), parts(tail ?? '')];
  const middle = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...middle, ...back].map((part) => Number.parseInt(part, 16).toString(16)).join(':');
}
