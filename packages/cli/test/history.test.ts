import type { OperationAnswer, WhyAnswer } from '@holdfast/core';
import { afterEach, expect, test } from '@jest/globals';
import { call } from './support/commands.ts';
import { type Answer, type FakeAgent, fakeAgent } from './support/fakeAgent.ts';

const open: FakeAgent[] = [];
afterEach(async () => {
  for (const agent of open.splice(0)) await agent.close();
});

async function agent(script: Record<string, Answer>): Promise<string> {
  const made = await fakeAgent(script);
  open.push(made);
  return made.root;
}

const at = Date.UTC(2026, 0, 31, 22, 0, 0);
const repair: OperationAnswer = {
  id: 'a1b2-7',
  cause: 'pg failed: no server runs in /srv/pg/data',
  detectedAt: at,
  begunAt: at + 1,
  endedAt: at + 90,
  result: 'done',
  events: [
    {
      kind: 'step-begun',
      sequence: 1,
      at: at + 1,
      operation: 'a1b2-7',
      step: 'alpha:recover:pg',
      tag: 'pg',
      action: 'recover',
    },
    {
      kind: 'step-ended',
      sequence: 2,
      at: at + 89,
      operation: 'a1b2-7',
      step: 'alpha:recover:pg',
      tag: 'pg',
      action: 'recover',
      result: 'done',
      evidence: 'it answers',
      todo: '',
      tookMs: 88,
    },
    { kind: 'operation-ended', sequence: 3, at: at + 90, operation: 'a1b2-7', result: 'done', tookMs: 89 },
  ],
};

test('why says the facts in order, each with its time, and what would change it, in 80 columns', async () => {
  const says: WhyAnswer = {
    tag: 'pg',
    state: 'OSU',
    want: 'inService',
    because: [
      { says: 'root asked for it', at },
      { says: 'it needs pg-disk, which is OSF' },
      { says: 'pg-disk: restore failed: mount: wrong fs type, bad option, bad superblock on /dev/sdb1' },
    ],
    would: [{ says: 'mend the file system' }, { says: 'a new command tries once more' }],
  };
  const ended = await call(['holdfast', 'why', 'pg'], { root: await agent({ 'GET /v1/why/pg': { says } }) });
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ended.stdout).toBe(`pg is OSU, wanted in service
  because root asked for it (2026-01-31 22:00:00Z)
          it needs pg-disk, which is OSF
          pg-disk: restore failed: mount: wrong fs type, bad option, bad
          superblock on /dev/sdb1
  to do   mend the file system
          a new command tries once more
`);
});

test('why of an unknown tag is exit code 3', async () => {
  const problems = [
    {
      code: 'UNKNOWN_RESOURCE',
      path: 'pgg',
      what: 'There is no resource pgg',
      why: 'none',
      todo: 'did you mean pg?',
    },
  ];
  const root = await agent({ 'GET /v1/why/pgg': { status: 404, says: { problems } } });
  expect(await call(['holdfast', 'why', 'pgg'], { root })).toMatchObject({ exitCode: 3 });
});

test('history lists what was done and why, and --since leaves out what was before', async () => {
  const root = await agent({ 'GET /v1/operations': { says: { operations: [repair] } } });
  const all = await call(['holdfast', 'history'], { root });
  expect(all.stdout).toBe(`2026-01-31 22:00:00Z  a1b2-7  done  89 ms
    pg failed: no server runs in /srv/pg/data
`);
  expect((await call(['holdfast', 'history', '--since', '2026-02-01T00:00:00Z'], { root })).stdout).toBe(
    'nothing was done\n',
  );
  expect(await call(['holdfast', 'history', '--since', 'yesterday'], { root })).toMatchObject({
    exitCode: 2,
  });
});

test('an operation is told as a timeline from the moment at which it was detected', async () => {
  const root = await agent({ 'GET /v1/operations/a1b2-7': { says: repair } });
  expect(
    (await call(['holdfast', 'operation', 'a1b2-7'], { root })).stdout,
  ).toBe(`operation a1b2-7: pg failed: no server runs in /srv/pg/data
  2026-01-31 22:00:00Z, done after 90 ms

        0 ms  detected
        1 ms  decided
        1 ms  begun     recover pg
       89 ms  done      recover pg  (88 ms): it answers
       90 ms  ended     done
`);
});

test.each([
  [{ isSame: true, onlyThen: [], onlyNow: [] }, 0, 'would be decided the same way'],
  [
    { isSame: false, onlyThen: ['recover pg'], onlyNow: ['restore pg'] },
    1,
    'then  recover pg\n  now   restore pg',
  ],
])('replay says whether it would be decided the same way: %j', async (says, exitCode, text) => {
  const root = await agent({
    'GET /v1/operations/a1b2-7/replay': { says: { id: 'a1b2-7', generation: 3, ...says } },
  });
  const ended = await call(['holdfast', 'replay', 'a1b2-7'], { root });
  expect(ended).toMatchObject({ exitCode });
  expect(ended.stdout).toContain(text);
});
