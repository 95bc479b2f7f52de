import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BootId, NodeName, SessionId } from '@holdfast/core';
import type { Identity } from '../index.ts';

/** Who this agent is. */
export async function identify(node: string, version: string): Promise<Identity> {
  return {
    node: node as NodeName,
    boot: await bootId(),
    session: randomBytes(4).toString('hex') as SessionId,
    version,
    pid: process.pid,
  };
}

/**
 * One boot of this node. The kernel's own id is that of the machine; the start of the first process tells apart the
 * lives of a node that is a container or a set of namespaces.
 */
async function bootId(): Promise<BootId> {
  const kernel = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const first = await readFile('/proc/1/stat', 'utf8');
  // The name of the program, in parentheses, may hold anything; the fields after it are numbers.
  const startedAt = first.slice(first.lastIndexOf(')') + 2).split(' ')[19];
  return `${kernel}/${startedAt}` as BootId;
}
