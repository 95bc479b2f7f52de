import { readdir, readFile, readlink } from 'node:fs/promises';
import { listPids, type ProcessEntry, readProcess } from '@holdfast/kit';
import type { Endpoint } from './findEndpoints.ts';

export type PortHolder = Readonly<{ port: number; process: ProcessEntry | undefined }>;

type Listener = Readonly<{ address: string; port: number; inode: string }>;
const listening = '0A';

/** Who listens where Postfix would. Reads the kernel's tables: a bind to try it would be in the way of others. */
export async function findPortHolder(endpoints: readonly Endpoint[]): Promise<PortHolder | undefined> {
  const listeners = [...(await read('/proc/net/tcp')), ...(await read('/proc/net/tcp6'))];
  for (const { host, port } of endpoints) {
    const taken = listeners.find((one) => one.port === port && isSamePlace(one.address, host));
    if (taken !== undefined) return { port, process: await holderOf(taken.inode) };
  }
  return undefined;
}

function isSamePlace(address: string, host: string): boolean {
  return address === '' || host === '' || host === '0.0.0.0' || host === '::' || address === host;
}

async function read(table: string): Promise<readonly Listener[]> {
  const lines = (await readFile(table, 'utf8').catch(() => '')).trim().split('\n').slice(1);
  return lines.flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    if (fields[3] !== listening) return [];
    const [address, port] = fields[1]!.split(':') as [string, string];
    return [{ address: readAddress(address), port: Number.parseInt(port, 16), inode: fields[9]! }];
  });
}

/** Empty for all addresses. The kernel writes four bytes at a time, the last one first. */
function readAddress(digits: string): string {
  if (/^0+$/.test(digits)) return '';
  if (digits.length !== 8) return digits;
  return [6, 4, 2, 0].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)).join('.');
}

async function holderOf(inode: string): Promise<ProcessEntry | undefined> {
  for (const pid of await listPids()) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
      if (target === `socket:[${inode}]`) return readProcess(pid);
    }
  }
  return undefined;
}
