import type { Kit } from '../contract.ts';
import { loadKit } from '../loadKit.ts';
import { UsageError } from './usageError.ts';

/** Loads the kit that the operator named. */
export async function openKit(name: string | undefined): Promise<Kit> {
  if (name === undefined) throw new UsageError('name a kit: a type such as ip, or the path of its folder');
  // A path is meant from where the command was typed, a name from where Holdfast is installed.
  const loaded = await loadKit(name, name.startsWith('.') ? { from: process.cwd() } : {});
  if (loaded.ok) return loaded.kit;
  throw new UsageError(
    loaded.refusals.map(({ what, why, todo }) => `${what}\n  why   ${why}\n  do    ${todo}`).join('\n'),
  );
}
