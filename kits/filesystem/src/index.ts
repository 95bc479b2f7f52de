import { defineKit } from '@holdfast/kit';
import { quickCheck } from './quickCheck.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { type Settings, settings } from './settings.ts';

export const kit = defineKit<Settings>({
  type: 'filesystem',
  summary: 'A mounted file system.',
  settings,
  identity: ({ mountPoint }) => mountPoint,
  exclusive: 'data',
  budgets: { restore: 60_000, remove: 60_000, recover: 60_000, quickCheck: 5_000 },
  restore,
  remove,
  quickCheck,
  recover,
});
