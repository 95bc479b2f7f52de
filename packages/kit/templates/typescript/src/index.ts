import { defineKit } from '@holdfast/kit';
import { quickCheck } from './quickCheck.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { type Settings, settings } from './settings.ts';

export const kit = defineKit<Settings>({
  type: 'my-kit',
  summary: 'A link that leads where it must.',
  settings,
  // Which thing it is: two resources with the same identity are refused.
  identity: ({ link }) => link,
  budgets: { restore: 5_000, remove: 5_000, recover: 5_000, quickCheck: 2_000 },
  restore,
  remove,
  quickCheck,
});
