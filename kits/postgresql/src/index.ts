import { defineKit } from '@holdfast/kit';
import { abort } from './abort.ts';
import { close } from './close.ts';
import { deepCheck } from './deepCheck.ts';
import { preflight } from './preflight.ts';
import { quickCheck } from './quickCheck.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { type Settings, settings } from './settings.ts';
import { watch } from './watch.ts';

export const kit = defineKit<Settings>({
  type: 'postgresql',
  summary: 'A PostgreSQL server on a data directory.',
  settings,
  identity: ({ dataDirectory }) => dataDirectory,
  // Two servers on one directory both answer for up to a minute, and what they write is lost.
  exclusive: 'data',
  budgets: { restore: 300_000, remove: 120_000, recover: 300_000, quickCheck: 5_000 },
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
