import { loadKit } from '@holdfast/kit';
import { callOf } from '../callOf.ts';

/** Says `begun` and restores, as an agent would: `restoreUntilKilled.ts TYPE SETTINGS`. */
const [type = '', settings = ''] = process.argv.slice(2);
const loaded = await loadKit(type);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusals));
const controller = new AbortController();
process.once('SIGTERM', () => controller.abort());
process.stdout.write('begun\n');
const outcome = await loaded.kit.restore(
  callOf(loaded.kit, { settings: JSON.parse(settings), signal: controller.signal, budgetMs: 20_000 }),
);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
