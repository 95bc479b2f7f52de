import type { KitCall } from '@holdfast/kit';
import type { Unit } from './readUnit.ts';
import type { Settings } from './settings.ts';

/**
 * What the unit said last since that time, from the journal; nothing where there is none. Not by its invocation: what a
 * program says that ends at once is kept without that, as the journal looks it up when systemd has forgotten it already.
 */
export async function lastWords(
  { run }: KitCall<Settings>,
  { Id }: Unit,
  sinceWallMs: number,
): Promise<string> {
  // What the unit said a moment ago may wait in a socket: the journal takes all of it first.
  await run(['journalctl', '--sync'], { budgetMs: 1_000 });
  const argv = [
    'journalctl',
    '--no-pager',
    '--quiet',
    '-o',
    'cat',
    '-n',
    '1',
    `--since=@${(sinceWallMs / 1_000).toFixed(3)}`,
    `_SYSTEMD_UNIT=${Id}`,
  ];
  const told = await run(argv as [string, ...string[]], { budgetMs: 1_000 });
  return told.ok && told.stdout.trim() !== '' ? `; it said last: ${told.stdout.trim().slice(-300)}` : '';
}
