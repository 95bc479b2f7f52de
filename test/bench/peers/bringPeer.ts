import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@holdfast/kit';
import type { Peer } from '../measure.ts';

const installer = join(fileURLToPath(new URL('../../..', import.meta.url)), 'packages/lab/peers.js');

/**
 * Sees to it that a peer is installed, without starting it. Answers why it is not; undefined when it is. A benchmark
 * then says so in the peer's place, and measures the rest.
 */
export async function bringPeer(name: Peer): Promise<string | undefined> {
  // As a person would start it: the way to Debian's packages may be in the environment.
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const installed = await run([process.execPath, installer, name], { budgetMs: 300_000, env });
  if (installed.ok) return undefined;
  return `${name} could not be installed: ${(installed.stdout || installed.says).trim().replaceAll(/\s+/g, ' ')}`;
}
