import { loadKit, run } from '@holdfast/kit';

/** Says `begun` and restores, as an agent would. */
const loaded = await loadKit('postfix');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusals));
const { kit } = loaded;
const controller = new AbortController();
process.once('SIGTERM', () => controller.abort());
process.stdout.write('begun\n');
const outcome = await kit.restore({
  tag: 'mail' as never,
  node: 'alpha' as never,
  settings: kit.settings.parse(JSON.parse(process.argv[2]!)),
  epoch: 1,
  args: [],
  signal: controller.signal,
  budgetMs: 20_000,
  memory: new Map(),
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  run: (argv, options) => run(argv, { signal: controller.signal, ...options }),
});
process.stdout.write(`${JSON.stringify(outcome)}\n`);
