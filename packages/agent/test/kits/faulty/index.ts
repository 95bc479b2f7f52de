import { type CheckResult, defineKit, done, found, type KitCall } from '@holdfast/kit';
import { z } from 'zod';

const settings = z.strictObject({
  name: z.string(),
  /** What its quickCheck does. */
  fault: z.string().default('none'),
  /** What its restore does. */
  restoreFault: z.string().default('none'),
});
type Settings = z.infer<typeof settings>;
type Call = KitCall<Settings>;

const helper = (name: string): string => new URL(`../../programs/${name}`, import.meta.url).pathname;

/** Everything that a kit must not do, each by its name. */
const faults: Readonly<Record<string, (call: Call) => unknown>> = {
  none: () => undefined,
  spins: () => {
    for (;;);
  },
  neverAnswers: () => new Promise(() => undefined),
  throwsAtOnce: () => {
    throw new Error('thrown at once');
  },
  rejectsWithText: () => Promise.reject('just text'),
  rejectsLater: () => {
    setTimeout(() => Promise.reject(new Error('nobody waits for this')), 1);
    return new Promise(() => undefined);
  },
  ends: () => process.exit(3),
  fillsHeap: () => {
    const hoard: object[] = [];
    for (;;) hoard.push({ one: 1, list: [1, 2, 3] });
  },
  fillsBuffers: () => {
    const hoard: Buffer[] = [];
    for (;;) hoard.push(Buffer.alloc(1_000_000, 1));
  },
  logsWithoutEnd: ({ log }) => {
    for (let line = 0; line < 100_000; line += 1) log.info({ line }, `line ${line} ${'x'.repeat(100)}`);
  },
  printsWithoutEnd: () => {
    for (let line = 0; line < 100_000; line += 1) process.stdout.write(`line ${line}\n`);
  },
  answersGarbage: () => ({ finding: 'splendid', extra: 1 }),
  answersFunction: () => ({ finding: 'in-service', evidence: () => 'code' }),
  answersBook: () => found('in-service', 'x'.repeat(300_000)),
  answersPage: () => found('in-service', 'x'.repeat(20_000)),
  floodsFromChild: ({ run }) => run([helper('flood.sh')], { budgetMs: 60_000 }),
  leavesChild: ({ run, log }) => {
    const onOutput = (text: string): void => log.info({ event: 'children' }, text.trim());
    return run([helper('holdPipes.sh')], { budgetMs: 5_000, onOutput });
  },
  spinsOverChildren: ({ run, log }) => {
    // Once it has said who they are, nothing more is heard from this thread.
    const onOutput = (text: string): void => {
      log.info({ event: 'children' }, text.trim());
      setTimeout(faults.spins as () => void, 50);
    };
    return run([helper('deafPair.sh')], { budgetMs: 60_000, onOutput });
  },
  forksWithoutEnd: async ({ run }) => {
    const ended = await Promise.all(
      Array.from({ length: 300 }, () => run([helper('nap.sh')], { budgetMs: 60_000 })),
    );
    const refused = ended.filter(({ ending }) => ending === 'not-started');
    return found('in-service', `${refused.length} refused: ${refused[0]?.says}`);
  },
};

/** Some faults are in the answer itself. */
function isOwn(answer: unknown): answer is CheckResult {
  return typeof answer === 'object' && answer !== null && 'finding' in answer;
}

const up = new Set<string>();

export const kit = defineKit({
  contract: 1,
  type: 'faulty',
  summary: 'A mark in memory, with every fault that a kit can have.',
  settings,
  identity: ({ name }) => name,
  budgets: { restore: 300, remove: 300, recover: 300, quickCheck: 300 },
  restore: async (call) => {
    call.memory.set('restored', true);
    await faults[call.settings.restoreFault]!(call);
    up.add(call.settings.name);
    return done('marked');
  },
  remove: async ({ settings: { name } }) => {
    up.delete(name);
    return done('no longer marked');
  },
  // Not async: what it throws, it throws at once.
  quickCheck: (call) => {
    const { name, fault } = call.settings;
    return Promise.resolve(faults[fault]!(call)).then((answer) =>
      isOwn(answer)
        ? answer
        : found(up.has(name) ? 'in-service' : 'out-of-service', `memory: ${call.memory.size}`),
    );
  },
  watch: ({ name }) => [{ kind: 'mount', mountPoint: `/${name}` }],
});
