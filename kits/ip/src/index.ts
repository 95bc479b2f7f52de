import { defineKit } from '@holdfast/kit';
import { quickCheck } from './quickCheck.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { type Settings, settings } from './settings.ts';

export const kit = defineKit<Settings>({
  type: 'ip',
  summary: 'An IP alias on a network device.',
  settings,
  // The address alone: twice the same address is a conflict, whatever the prefix and the device.
  identity: ({ address }) => address.split('/')[0]!,
  budgets: { restore: 20_000, remove: 10_000, recover: 20_000, quickCheck: 3_000 },
  restore,
  remove,
  quickCheck,
  recover,
});
