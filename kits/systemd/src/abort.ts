import type { AbortStep, KitCall } from '@holdfast/kit';
import type { Settings } from './settings.ts';

/**
 * The quick way out through systemd, which knows every process of the unit: a job to stop, so that no Restart= brings
 * it back, then KILL to all of it, then a wait until it is inactive.
 */
export async function abort({ settings: { unit } }: KitCall<Settings>): Promise<readonly AbortStep[]> {
  return [
    {
      argv: ['systemctl', 'stop', '--no-block', '--job-mode=replace-irreversibly', '--', unit],
      budgetMs: 250,
    },
    { argv: ['systemctl', 'kill', '--signal=KILL', '--', unit], budgetMs: 250 },
    { argv: ['systemctl', 'stop', '--', unit], budgetMs: 500 },
  ];
}
