import { defineKit } from '@holdfast/kit';
import { deepCheck } from './deepCheck.ts';
import { identify } from './identify.ts';
import { preflight } from './preflight.ts';
import { quickCheck } from './quickCheck.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { type Settings, settings } from './settings.ts';
import { watch } from './watch.ts';

export const kit = defineKit<Settings>({
  type: 'ocf',
  summary: 'What any OCF resource agent protects.',
  settings,
  identity: identify,
  // Nobody knows what an agent protects; so it is treated as data, of which a double run is the end.
  exclusive: 'data',
  // Room for the longest that common agents advise; what an agent may take is its own limit, within these.
  budgets: { restore: 180_000, remove: 180_000, recover: 180_000, quickCheck: 30_000 },
  restore,
  remove,
  quickCheck,
  deepCheck,
  recover,
  watch,
  preflight,
});
