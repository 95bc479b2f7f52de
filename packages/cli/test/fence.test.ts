import { afterEach, describe, expect, test } from '@jest/globals';
import { call } from './support/commands.ts';
import { type Answer, type FakeAgent, fakeAgent } from './support/fakeAgent.ts';

let agent: FakeAgent | undefined;
afterEach(async () => {
  await agent?.close();
  agent = undefined;
});

async function holdfast(script: Record<string, Answer>, ...words: string[]) {
  agent = await fakeAgent(script);
  return call(['holdfast', ...words], { root: agent.root });
}

const bodies = () => agent!.asked.map(({ body }) => body as { dryRun?: boolean; why?: string } | undefined);
const confirm = { 'POST /v1/fences/alpha/confirm': { says: { node: 'alpha', tags: ['ip', 'pg'] } } };
const lives = {
  'POST /v1/fences/alpha/confirm': {
    status: 409,
    says: {
      problems: [
        { code: 'NODE_LIVES', path: 'alpha', what: 'alpha is not down', why: 'it lives', todo: 'wait' },
      ],
    },
  },
};

describe('holdfast confirm-down', () => {
  test('says nothing to the agent that counts before somebody has said that it is meant', async () => {
    const ran = await holdfast(confirm, 'confirm-down', 'alpha');
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain('holdfast confirm-down alpha --yes');
    expect(bodies().map((body) => body?.dryRun)).toEqual([true]);
  });

  test('with --yes it is said, with the reason', async () => {
    const ran = await holdfast(confirm, 'confirm-down', 'alpha', '--yes', '--why', 'no power');
    expect([ran.exitCode, ran.stdout]).toEqual([
      0,
      'alpha had ip, pg: is confirmed to be down, and may be taken over\n',
    ]);
    expect(bodies().at(-1)).toMatchObject({ why: 'no power' });
    expect(bodies().at(-1)?.dryRun).toBeUndefined();
  });

  test('of a node that lives is refused, with why', async () => {
    const ran = await holdfast(lives, 'confirm-down', 'alpha', '--yes');
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain('alpha is not down');
  });

  test('as JSON', async () => {
    const ran = await holdfast(confirm, 'confirm-down', 'alpha', '--yes', '--json');
    expect(JSON.parse(ran.stdout)).toEqual({
      schema: 'holdfast.confirm-down/1',
      node: 'alpha',
      tags: ['ip', 'pg'],
      dryRun: false,
    });
  });
});

const fences = [
  {
    node: 'alpha',
    levels: [['ipmi'], ['pdu-a', 'pdu-b']],
    action: 'off',
    fence: {
      state: 'failed',
      by: 'beta',
      at: 0,
      why: 'alpha gave no sign of life',
      says: 'level 1: ipmi: no answer \u001b[31m',
      tries: 3,
    },
  },
  { node: 'beta', levels: [] },
];
const list = { 'GET /v1/fences': { says: { fences } } };
const device = { level: 1, device: 'ipmi', power: 'on', says: 'on', tookMs: 12 };

describe('holdfast fence', () => {
  test('list shows how each node would be fenced and how that stands', async () => {
    const { exitCode, stdout } = await holdfast(list, 'fence', 'list');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('alpha: off by level 1: ipmi; level 2: pdu-a and pdu-b');
    expect(stdout).toMatch(/failed by beta at .*, try 3; level 1: ipmi: no answer/);
    expect(stdout).toContain('beta: no fence device');
    expect(stdout).not.toContain('\u001b');
  });

  test('test asks the devices, and fails when one does not work', async () => {
    const test = (works: boolean) => ({
      'POST /v1/fences/alpha/test': { says: { node: 'alpha', devices: [{ ...device, works }] } },
    });
    const ran = await holdfast({ ...list, ...test(true) }, 'fence', 'test');
    expect([ran.exitCode, ran.stdout]).toEqual([0, 'alpha, level 1, ipmi: works (12 ms): power on: on\n']);
    await agent!.close();
    expect((await holdfast({ ...list, ...test(false) }, 'fence', 'test', 'alpha')).exitCode).toBe(1);
  });

  test('of a node cuts its power when that is meant, and fails when it could not', async () => {
    const answer = (result: string): Record<string, Answer> => ({
      'POST /v1/fences/alpha': (response, body) => {
        const { dryRun } = body as { dryRun?: boolean };
        const said = {
          node: 'alpha',
          result: dryRun === true ? 'not-done' : result,
          says: 'by ipmi',
          tags: ['pg'],
        };
        response.end(JSON.stringify(said));
      },
    });
    const unasked = await holdfast(answer('confirmed'), 'fence', 'alpha');
    expect([unasked.exitCode, agent!.asked.length]).toEqual([1, 1]);
    await agent!.close();
    const done = await holdfast(answer('confirmed'), 'fence', 'alpha', '--yes');
    expect([done.exitCode, done.stdout]).toEqual([0, 'fence of alpha: confirmed: by ipmi\n']);
    await agent!.close();
    expect((await holdfast(answer('failed'), 'fence', 'alpha', '--yes')).exitCode).toBe(1);
  });
});
