import { defineKit } from '@holdfast/kit';
import { abort } from './abort.ts';
import { deepCheck } from './deepCheck.ts';
import { preflight } from './preflight.ts';
import { quickCheck } from './quickCheck.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import { pidFileOf, type Settings, settings } from './settings.ts';

export const kit = defineKit<Settings>({
  type: 'postfix',
  summary: 'A Postfix instance, by its configuration directory.',
  settings,
  identity: ({ configDirectory }) => configDirectory,
  // Its lock holds on one kernel only: two nodes on one queue deliver twice, and lose mail.
  exclusive: 'data',
  // Before it starts, Postfix looks at each file of its queue, which may be a hundred thousand.
  budgets: { restore: 300_000, remove: 60_000, recover: 300_000, quickCheck: 5_000 },
  restore,
  remove,
  quickCheck,
  deepCheck,
  recover,
  watch: (settings) => [{ kind: 'process', pidFile: pidFileOf(settings) }],
  preflight,
  abort,
});
