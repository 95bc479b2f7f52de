import { defineKit } from '@holdfast/kit';
import { abort } from './abort.ts';
import { deepCheck } from './deepCheck.ts';
import { preflight } from './preflight.ts';
import { quickCheck } from './quickCheck.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { plainPath } from './resolvePlace.ts';
import { restore } from './restore.ts';
import { type Settings, settings } from './settings.ts';
import { watch } from './watch.ts';

export const kit = defineKit<Settings>({
  type: 'filesystem',
  summary: 'A mounted file system.',
  settings,
  identity: ({ mountPoint }) => plainPath(mountPoint),
  exclusive: 'data',
  budgets: { restore: 120_000, remove: 60_000, recover: 60_000, quickCheck: 5_000 },
  restore,
  remove,
  quickCheck,
  deepCheck,
  recover,
  watch,
  preflight,
  abort,
});
