import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kitConformance } from '@holdfast/kit/conformance';
import { type Lab, type LabNode, openLab } from '@holdfast/lab';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

const budget = { budgetMs: 30_000 };
const stateOfOdd = '/run/resource-agents/odd-try';

let lab: Lab;
let node: LabNode;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const odd = readFileSync(fileURLToPath(new URL('agents/odd', import.meta.url)), 'utf8');
  await node.writeFile('/usr/lib/ocf/resource.d/test/odd', odd, 0o755);
}, 30_000);
afterAll(() => lab?.close());

kitConformance({
  kit: 'ocf',
  host: () => node,
  world: () => ({
    settings: { agent: 'Dummy', parameters: { fake: 'for conformance' } },
    serves: ['test', '-e', '/run/resource-agents/Dummy-conformance.state'],
    same: ['stat', '-c', '%i %y', '/run/resource-agents/Dummy-conformance.state'],
    breakIt: ['rm', '/run/resource-agents/Dummy-conformance.state'],
    bystanders: [{ name: 'the address', probe: ['ip', '-4', 'address', 'show', 'dev', 'eth0'] }],
    wrongSettings: [{ agent: '../x' }, { param: {} }, { parameters: { password: 'open' } }],
  }),
  framework: { describe, beforeAll, test, expect },
});

type Answer = Readonly<{
  result?: string;
  finding?: string;
  ready?: boolean;
  evidence: string;
  todo?: string;
  warnings?: readonly string[];
  tookMs: number;
}>;

/** One action of the agent `odd`, as the engine would call it. */
async function perform(action: string, quirk: string, more: object = {}, words: string[] = []) {
  const settings = { provider: 'test', agent: 'odd', parameters: { quirk, ...more } };
  const argv = [
    'holdfast',
    'kit',
    'run',
    'ocf',
    action,
    '--settings',
    '-',
    '--tag',
    'try',
    '--json',
    ...words,
  ];
  const ran = await node.run(argv as [string, ...string[]], { ...budget, input: JSON.stringify(settings) });
  if (ran.stdout === '') throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as Answer;
}

describe('the quirks of agents', () => {
  beforeEach(async () => {
    await node.run(['rm', '-f', stateOfOdd], budget);
  });

  test('a stop that says 0 while it runs is a failed remove', async () => {
    await perform('restore', 'none');
    expect(await perform('remove', 'stopLies')).toMatchObject({
      result: 'failed',
      evidence: 'stop: 0 (success); but monitor: 0 (success)',
      todo: expect.stringContaining('end it by hand'),
    });
  });

  test('a stop that comes back early is waited for', async () => {
    await perform('restore', 'none');
    expect(await perform('remove', 'stopsLate')).toMatchObject({ result: 'done' });
    expect((await node.run(['test', '-e', stateOfOdd], budget)).ok).toBe(false);
  });

  test('a stop that fails is a failed remove, also when nothing seems to run', async () => {
    await perform('restore', 'none');
    expect(await perform('remove', 'stopFails')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('1 (generic error): ERROR: cannot stop'),
    });
  });

  test('a start that comes back early is waited for', async () => {
    expect(await perform('restore', 'upLate')).toMatchObject({ result: 'done' });
    expect((await node.run(['test', '-e', stateOfOdd], budget)).ok).toBe(true);
  });

  test('a start that says 0 while nothing comes up is a failed restore', async () => {
    const answer = await perform('restore', 'neverUp');
    expect(answer).toMatchObject({
      result: 'failed',
      evidence: 'start said 0 (success), but monitor: 7 (not running)',
    });
  });

  test('what is broken is stopped and started by restore, and left to the engine by recover', async () => {
    await perform('restore', 'none');
    await node.writeFile(`${stateOfOdd}.broken`, '');
    const recovered = await perform('recover', 'brokenOnce');
    expect(recovered).toMatchObject({ result: 'failed', evidence: 'monitor: 1 (generic error)' });
    expect(await perform('quickCheck', 'brokenOnce')).toMatchObject({ finding: 'failed' });
    await node.run(['rm', `${stateOfOdd}.broken`], budget);
    await node.run(['rm', stateOfOdd], budget);
    expect(await perform('recover', 'brokenOnce')).toMatchObject({ result: 'done' });
  });

  test('what an agent started behind su ends with its time, though no signal to its group reaches it', async () => {
    const answer = await perform('restore', 'hangsBehindSu', {}, ['--budget', '6000']);
    expect(answer).toMatchObject({ result: 'failed', evidence: expect.stringContaining('no answer within') });
    expect(answer.tookMs).toBeLessThan(4_000);
    expect((await node.run(['pgrep', '-f', 'sleep 31.7'], budget)).stdout).toBe('');
  });

  test('a monitor that hangs is a timeout, and one that is killed says nothing about the resource', async () => {
    expect(await perform('quickCheck', 'hangs', {}, ['--budget', '1000'])).toMatchObject({
      finding: 'timeout',
    });
    expect(await perform('quickCheck', 'dies')).toMatchObject({ finding: 'unknown' });
  });

  test('the deep check asks at the deepest level that the agent has', async () => {
    await perform('restore', 'none');
    expect(await perform('quickCheck', 'deep')).toMatchObject({ finding: 'in-service' });
    expect(await perform('deepCheck', 'deep')).toMatchObject({ finding: 'failed' });
  });

  test('a secret comes from a file of root alone, and is not shown when the agent says it', async () => {
    await node.writeFile('/etc/secret', 'hunter2\n', 0o600);
    const told = await perform('restore', 'tells', { password: { file: '/etc/secret' } });
    expect(told).toMatchObject({
      result: 'failed',
      evidence: 'start: 6 (configured wrongly): refused with ***',
    });
    await node.run(['chmod', '644', '/etc/secret'], budget);
    expect(await perform('restore', 'tells', { password: { file: '/etc/secret' } })).toMatchObject({
      result: 'failed',
      evidence: '/etc/secret is open to others than root',
      todo: expect.stringContaining('chmod 600'),
    });
  });
});

describe('before anything is started', () => {
  test('a parameter that the agent does not have is refused, with the nearest one', async () => {
    const evidence = expect.stringContaining('no parameter conut; did you mean count?');
    expect(await perform('preflight', 'none', { conut: 4 })).toMatchObject({ ready: false, evidence });
    expect(await perform('restore', 'none', { conut: 4 })).toMatchObject({ result: 'failed', evidence });
  });

  test('preflight shows the parameters that hold, and what the metadata doubts', async () => {
    expect(await perform('preflight', 'none')).toMatchObject({
      ready: true,
      evidence: 'validate-all: 0 (success); with quirk=none, count=3 (default)',
      warnings: [],
    });
    expect(await perform('preflight', 'none', { count: 'many' })).toMatchObject({
      ready: true,
      warnings: ['count: "many" is no integer, as the metadata wants it'],
    });
  });

  test('preflight believes validate-all about the configuration, and a probe about a disk that is elsewhere', async () => {
    expect(await perform('preflight', 'invalid')).toMatchObject({ ready: false });
    expect(await perform('preflight', 'noDisk')).toMatchObject({
      ready: true,
      warnings: [expect.stringContaining('5 (something is not installed here)')],
    });
  });

  test('an agent that is not there, or that others may change, is not run', async () => {
    const check = async (): Promise<Answer> => perform('quickCheck', 'none');
    await node.run(['chmod', 'go+w', '/usr/lib/ocf/resource.d/test/odd'], budget);
    expect(await check()).toMatchObject({
      finding: 'unknown',
      evidence: expect.stringContaining('others than root'),
    });
    await node.run(['mv', '/usr/lib/ocf/resource.d/test/odd', '/root/odd'], budget);
    expect(await check()).toMatchObject({
      finding: 'unknown',
      evidence: expect.stringContaining('there is no agent'),
    });
    await node.run(['mv', '/root/odd', '/usr/lib/ocf/resource.d/test/odd'], budget);
    await node.run(['chmod', '755', '/usr/lib/ocf/resource.d/test/odd'], budget);
  });

  test('a folder of marks that is a link, or that others can write, is refused', async () => {
    await node.run(['sh', '-c', 'rm -rf /run/resource-agents; ln -s /tmp /run/resource-agents'], budget);
    expect(await perform('restore', 'none')).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('no folder of root alone'),
    });
    await node.run(['rm', '/run/resource-agents'], budget);
    expect(await perform('restore', 'none')).toMatchObject({ result: 'done' });
  });
});
