import { defineKit } from '@holdfast/kit';
import { abort } from './abort.ts';
import { preflight } from './preflight.ts';
import { quickCheck } from './quickCheck.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { type Settings, settings } from './settings.ts';
import { watch } from './watch.ts';

export const kit = defineKit<Settings>({
  type: 'systemd',
  summary: 'A unit of systemd.',
  settings,
  identity: ({ unit }) => unit,
  // Nobody knows what runs in a unit; so it is treated as data, of which a double run is the end.
  exclusive: 'data',
  // systemd's own limit of a start and of a stop is 90 s each, unless the unit says otherwise.
  budgets: { restore: 120_000, remove: 140_000, recover: 120_000, quickCheck: 5_000 },
  restore,
  remove,
  quickCheck,
  recover,
  watch,
  preflight,
  abort,
});
