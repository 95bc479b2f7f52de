import { afterEach, describe, expect, test } from '@jest/globals';
import { call } from './support/commands.ts';
import { type Answer, type FakeAgent, fakeAgent } from './support/fakeAgent.ts';

let agent: FakeAgent | undefined;
afterEach(async () => {
  await agent?.close();
  agent = undefined;
});

const idle = {
  type: 'webhook',
  to: 'https://chat.example.org',
  state: 'idle',
  sent: 3,
  failed: 0,
  dropped: 0,
  queued: 0,
} as const;
const waiting = {
  ...idle,
  name: 'night',
  type: 'email',
  to: 'ops@example.org through mail.example.org',
  state: 'waiting',
  failed: 2,
  queued: 1,
  lastSentAt: 1_000,
  lastError: { at: 2_000, says: 'mail.example.org: ECONNREFUSED: \u001b[31mrefused' },
};

async function notify(script: Record<string, Answer>, ...words: string[]) {
  agent = await fakeAgent(script);
  return call(['holdfast', 'notify', ...words], { root: agent.root });
}

const list = { 'GET /v1/notifiers': { says: { notifiers: [{ name: 'chat', ...idle }, waiting] } } };
const tested = (name: string, isSent: boolean) => ({
  [`POST /v1/notifiers/${name}/test`]: {
    says: { name, isSent, says: isSent ? 'it answered 200' : 'no', tookMs: 12 },
  },
});

describe('holdfast notify', () => {
  test('list shows where each goes and how that went, with nothing that could move the cursor', async () => {
    const { exitCode, stdout } = await notify(list, 'list');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('chat: webhook to https://chat.example.org');
    expect(stdout).toContain('waiting; sent 3');
    expect(stdout).toMatch(/failed at .*: mail.example.org: ECONNREFUSED: \?\[31mrefused/);
    expect(stdout).not.toContain('\u001b');
  });

  test('list says it where nobody is told', async () => {
    const { exitCode, stdout } = await notify({ 'GET /v1/notifiers': { says: { notifiers: [] } } }, 'list');
    expect([exitCode, stdout]).toEqual([0, 'nobody is told: the configuration has no notifiers\n']);
  });

  test('test tries all, says how each went, and fails when one did not hear of it', async () => {
    const ran = await notify({ ...list, ...tested('chat', true), ...tested('night', false) }, 'test');
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toBe('chat: sent (12 ms): it answered 200\nnight: failed (12 ms): no\n');
    expect(agent!.asked.map(({ what }) => what)).toEqual([
      'GET /v1/notifiers',
      'POST /v1/notifiers/chat/test',
      'POST /v1/notifiers/night/test',
    ]);
  });

  test('test of one asks for that one, as JSON when wanted', async () => {
    const ran = await notify(tested('chat', true), 'test', 'chat', '--json');
    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      schema: 'holdfast.notify-test/1',
      name: 'chat',
      isSent: true,
    });
  });

  test('is told that it was not understood', async () => {
    expect((await notify({}, 'send')).exitCode).toBe(2);
  });
});
