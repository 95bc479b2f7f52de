import type { KitCall } from '@holdfast/kit';
import type { Unit } from './readUnit.ts';
import type { Settings } from './settings.ts';

/** What the unit said last, in its newest life, from the journal; nothing where there is none. */
export async function lastWords({ run }: KitCall<Settings>, { InvocationID }: Unit): Promise<string> {
  if (InvocationID === '') return '';
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
    `_SYSTEMD_INVOCATION_ID=${InvocationID}`,
  ];
  const told = await run(argv as [string, ...string[]], { budgetMs: 1_000 });
  return told.ok && told.stdout.trim() !== '' ? `; it said last: ${told.stdout.trim().slice(-300)}` : '';
}
