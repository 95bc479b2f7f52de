import { kitConformance } from '@holdfast/kit/conformance';
import { type Lab, type LabNode, openLab } from '@holdfast/lab';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const budget = { budgetMs: 30_000 };

let lab: Lab;
let node: LabNode;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2', systemd: true });
  await unit('forever', 'ExecStart=/bin/sleep infinity');
  await unit('bystander', 'ExecStart=/bin/sleep infinity');
  await systemctl('daemon-reload');
  await systemctl('start', 'bystander.service');
}, 60_000);
afterAll(() => lab?.close());

const unit = (name: string, lines: string): Promise<void> =>
  node.writeFile(
    `/etc/systemd/system/${name}.service`,
    `[Service]\n${lines}\n[Install]\nWantedBy=multi-user.target\n`,
  );
const systemctl = (...words: string[]) => node.run(['systemctl', ...words], budget);

type Answer = Readonly<{
  result?: string;
  finding?: string;
  ready?: boolean;
  evidence: string;
  todo?: string;
  warnings?: readonly string[];
  steps?: readonly { argv: [string, ...string[]]; budgetMs: number }[];
  tookMs: number;
}>;

/** One action, as the engine would call it, on a unit with these lines. */
async function perform(action: string, name: string, words: string[] = []): Promise<Answer> {
  const argv = ['holdfast', 'kit', 'run', 'systemd', action, '--settings', '-', '--json', ...words];
  const input = JSON.stringify({ unit: `${name}.service` });
  const ran = await node.run(argv as [string, ...string[]], { ...budget, input });
  if (ran.stdout === '') throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as Answer;
}

async function given(name: string, lines: string): Promise<void> {
  await unit(name, lines);
  await systemctl('daemon-reload');
}

kitConformance({
  kit: 'systemd',
  host: () => node,
  world: () => ({
    settings: { unit: 'forever.service' },
    serves: ['systemctl', 'is-active', '--quiet', 'forever.service'],
    same: ['systemctl', 'show', '-P', 'InvocationID', 'forever.service'],
    breakIt: ['systemctl', 'kill', '-s', 'KILL', 'forever.service'],
    bystanders: [
      { name: 'another unit', probe: ['systemctl', 'show', '-P', 'InvocationID', 'bystander.service'] },
    ],
    wrongSettings: [{ unit: 'forever' }, { unit: 'x.scope' }, { units: [] }],
  }),
  framework: { describe, beforeAll, test, expect },
});

describe('restore', () => {
  test('refuses a unit that is enabled at boot, and says how to disable it', async () => {
    await systemctl('enable', 'forever.service');
    expect(await perform('restore', 'forever')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('is enabled'),
      todo: expect.stringContaining('systemctl disable forever.service'),
    });
    expect(await perform('preflight', 'forever')).toMatchObject({ ready: false });
    await systemctl('disable', 'forever.service');
    expect(await perform('preflight', 'forever')).toMatchObject({ ready: true, warnings: [] });
  });

  test('refuses what is masked, what is not there, and what is never active', async () => {
    await node.run(['ln', '-s', '/dev/null', '/etc/systemd/system/hidden.service'], budget);
    await given('once', 'Type=oneshot\nExecStart=/bin/true');
    for (const [name, says] of [
      ['hidden', 'masked'],
      ['nothing', 'there is no unit'],
      ['once', 'RemainAfterExit'],
    ] as const)
      expect(await perform('restore', name)).toMatchObject({
        result: 'failed',
        evidence: expect.stringContaining(says),
      });
  });

  test('of a program that ends at once fails, with its last words', async () => {
    await given('short', 'ExecStart=/bin/sh -c "echo no such disk; exit 3"');
    expect(await perform('restore', 'short')).toMatchObject({
      result: 'failed',
      evidence: expect.stringMatching(/exit-code, status 3.*no such disk/),
    });
  });

  test('that runs out of time takes its job back', async () => {
    await given('slow', 'Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 40');
    const answer = await perform('restore', 'slow', ['--budget', '1500']);
    expect(answer).toMatchObject({ result: 'failed', evidence: expect.stringContaining('in time') });
    expect((await systemctl('list-jobs')).stdout).toContain('No jobs running.');
    expect(await perform('remove', 'slow')).toMatchObject({ result: 'done' });
  });
});

test('what Restart= is about to start again is failed, and preflight warns of it', async () => {
  await given('fights', 'ExecStart=/bin/sleep infinity\nRestart=always\nRestartSec=30');
  expect(await perform('restore', 'fights')).toMatchObject({ result: 'done' });
  await systemctl('kill', '-s', 'KILL', 'fights.service');
  expect(await perform('quickCheck', 'fights')).toMatchObject({
    finding: 'failed',
    evidence: expect.stringContaining('auto-restart'),
  });
  expect((await perform('preflight', 'fights')).warnings).toEqual([expect.stringContaining('Restart=no')]);
  expect(await perform('recover', 'fights')).toMatchObject({ result: 'done' });
  expect(await perform('remove', 'fights')).toMatchObject({ result: 'done' });
});

describe('remove', () => {
  test('answers only when it is inactive, and kills through systemd what does not stop', async () => {
    await given(
      'deaf',
      'ExecStart=/bin/sh -c "trap \'\' TERM; while :; do sleep 1; done"\nTimeoutStopSec=60',
    );
    await perform('restore', 'deaf');
    const answer = await perform('remove', 'deaf', ['--budget', '3000']);
    expect(answer).toMatchObject({ result: 'done', evidence: 'deaf.service is inactive, after KILL' });
    expect((await systemctl('show', '-P', 'ActiveState', 'deaf.service')).stdout).toBe('inactive\n');
  });

  test('fails where the unit leaves its processes behind, and names them', async () => {
    await given('leaves', 'KillMode=process\nExecStart=/bin/sh -c "sleep 1000 & wait"');
    await perform('restore', 'leaves');
    expect(await perform('remove', 'leaves')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('KillMode=process'),
    });
    expect(await perform('quickCheck', 'leaves')).toMatchObject({ finding: 'failed' });
    await systemctl('kill', '-s', 'KILL', 'leaves.service');
    expect(await perform('remove', 'leaves')).toMatchObject({ result: 'done' });
  });
});

test('abort ends a unit that is deaf and restarts, within a second, by data alone', async () => {
  await given(
    'stubborn',
    'ExecStart=/bin/sh -c "trap \'\' TERM; while :; do sleep 1; done"\nRestart=always\nRestartSec=0',
  );
  await perform('restore', 'stubborn');
  const { steps } = await perform('abort', 'stubborn');
  const begunAt = performance.now();
  for (const { argv, budgetMs } of steps!) await node.run(argv, { budgetMs: budgetMs + 200 });
  expect(performance.now() - begunAt).toBeLessThan(1_500);
  expect((await systemctl('show', '-P', 'ActiveState', 'stubborn.service')).stdout).toMatch(
    /^(inactive|failed)\n$/,
  );
});

test('the watch prints a line when the unit dies, in milliseconds', async () => {
  await perform('restore', 'forever');
  const { kit } = await import('../src/index.ts');
  const [watch] = kit.watch!({ unit: 'forever.service' });
  if (watch?.kind !== 'command') throw new Error('the watch is no command');
  let said = '';
  let heard: () => void = () => undefined;
  const listening = node.start(watch.argv, {
    onOutput: (text) => {
      said += text;
      heard();
    },
  });
  const line = async (words: string): Promise<void> => {
    while (!said.includes(words)) {
      await new Promise<void>((resolve, reject) => {
        heard = resolve;
        void listening.ended.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
      });
    }
  };
  await line('listening for forever.service');
  await systemctl('kill', '-s', 'KILL', 'forever.service');
  await line('forever.service changed');
  listening.kill('SIGTERM');
  await listening.ended;
}, 30_000);
