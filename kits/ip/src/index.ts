import { defineKit } from '@holdfast/kit';
import { abort } from './abort.ts';
import { close } from './close.ts';
import { deepCheck } from './deepCheck.ts';
import { preflight } from './preflight.ts';
import { quickCheck } from './quickCheck.ts';
import { splitAddress } from './readAddress.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { type Settings, settings } from './settings.ts';
import { watch } from './watch.ts';

export const kit = defineKit<Settings>({
  type: 'ip',
  summary: 'An IP address on a network device.',
  settings,
  // The address alone: twice the same address is a conflict, whatever the prefix and the device.
  identity: ({ address }) => splitAddress(address).host,
  budgets: { restore: 20_000, remove: 10_000, recover: 20_000, quickCheck: 3_000 },
  restore,
  remove,
  quickCheck,
  deepCheck,
  recover,
  watch,
  preflight,
  abort,
  close,
});
