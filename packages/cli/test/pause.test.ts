import { afterEach, expect, test } from '@jest/globals';
import { call } from './support/commands.ts';
import { type FakeAgent, fakeAgent } from './support/fakeAgent.ts';

const open: FakeAgent[] = [];
afterEach(async () => {
  for (const agent of open.splice(0)) await agent.close();
});

async function agent(): Promise<FakeAgent> {
  const made = await fakeAgent({
    'POST /v1/pauses': { says: { tags: ['pg', 'pg-disk'] } },
    'DELETE /v1/pauses': { says: { tags: [] } },
  });
  open.push(made);
  return made;
}

test('pause says what is paused and until when, and hands on who, why and until', async () => {
  const { root, asked } = await agent();
  const ended = await call(['holdfast', 'pause', 'pg', '--hierarchy', '--for', '30m', '--why', 'new disk'], {
    root,
  });
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ended.stdout).toMatch(/^paused until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: pg, pg-disk\n$/);
  expect(asked[0]?.body).toMatchObject({
    tag: 'pg',
    scope: 'hierarchy',
    why: 'new disk',
    until: expect.any(Number),
  });
});

test('resume of what was not paused is nothing to do', async () => {
  const { root, asked } = await agent();
  const ended = await call(['holdfast', 'resume', '--node'], { root });
  expect(ended).toMatchObject({ exitCode: 0, stdout: 'nothing to do: it was not paused\n' });
  expect(asked[0]?.body).toMatchObject({ scope: 'node' });
});

test('a dry run of pause and resume says what would be and changes nothing', async () => {
  const { root, asked } = await agent();
  const paused = await call(['holdfast', 'pause', 'pg', '--hierarchy', '--dry-run'], { root });
  expect(paused.stdout).toBe(
    'would be paused until holdfast resume: pg, pg-disk\n' +
      'Will not happen meanwhile: a check that acts, an answer to a failure, a start of\n' +
      'any of it. Nothing was changed.\n',
  );
  const json = await call(['holdfast', 'pause', 'pg', '--dry-run', '--json'], { root });
  expect(JSON.parse(json.stdout)).toMatchObject({ tags: ['pg', 'pg-disk'], dryRun: true });
  expect(await call(['holdfast', 'resume', 'pg', '--dry-run'], { root })).toMatchObject({ exitCode: 0 });
  expect(asked.map(({ body }) => (body as { dryRun: boolean }).dryRun)).toEqual([true, true, true]);
});

test.each([
  [['pause']],
  [['pause', 'pg', '--node']],
  [['pause', 'pg', '--for', 'a while']],
  [['resume', '--hierarchy']],
] as const)('what does not say one thing is an error of usage: %j', async (words) => {
  const { root, asked } = await agent();
  expect(await call(['holdfast', ...words], { root })).toMatchObject({ exitCode: 2 });
  expect(asked).toEqual([]);
});
