import { defineKit } from '@holdfast/kit';
import { preflight } from './preflight.ts';
import { quickCheck } from './quickCheck.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { idOf, type Settings, settings } from './settings.ts';

export const kit = defineKit<Settings>({
  type: 'app',
  summary: 'Any application, by scripts of its own.',
  settings,
  identity: idOf,
  budgets: { restore: 120_000, remove: 120_000, recover: 240_000, quickCheck: 10_000 },
  restore,
  remove,
  quickCheck,
  recover,
  preflight,
});
