import type { CommandAnswer, NewEvent } from '@holdfast/core';
import { accountOf, run } from '@holdfast/kit';
import { afterEach, expect, test } from '@jest/globals';
import { binFolder, call, callUntil } from './support/commands.ts';
import { type Answer, type FakeAgent, fakeAgent, streaming } from './support/fakeAgent.ts';

const open: FakeAgent[] = [];
afterEach(async () => {
  for (const agent of open.splice(0)) await agent.close();
});

async function agent(script: Record<string, Answer> | undefined): Promise<FakeAgent> {
  const made = await fakeAgent(script);
  open.push(made);
  return made;
}

const step = (tag: string, after: string[], says: string) => ({
  id: `alpha:restore:${tag}`,
  node: 'alpha',
  tag,
  action: 'restore' as const,
  after: after.map((other) => `alpha:restore:${other}`),
  because: { code: 'requested', says },
});
const plan = { steps: [step('ip', [], 'mail needs it'), step('mail', ['ip'], 'requested')], notes: [] };
const taken: CommandAnswer = { command: 'c1', fromEvent: 7, plan };
const begun: NewEvent = {
  kind: 'operation-begun',
  operation: 'o1',
  cause: 'restore',
  commands: ['c1'],
  steps: plan.steps,
};
const stepBegun = (tag: string): NewEvent => ({
  kind: 'step-begun',
  operation: 'o1',
  step: `alpha:restore:${tag}`,
  tag,
  action: 'restore',
});
const stepEnded = (
  tag: string,
  result: 'done' | 'failed' | 'skipped',
  evidence = '',
  todo = '',
): NewEvent => ({
  kind: 'step-ended',
  operation: 'o1',
  step: `alpha:restore:${tag}`,
  tag,
  action: 'restore',
  result,
  evidence,
  todo,
  tookMs: 12,
});
const commandEnded = (
  result: 'done' | 'failed' | 'overtaken',
  unmet: { tag: string; state: string; says: string }[] = [],
  command = 'c1',
): NewEvent => ({ kind: 'command-ended', command, result, unmet });

const following = (events: readonly NewEvent[], then?: 'ends' | 'stays'): Record<string, Answer> => ({
  'POST /v1/commands': { says: taken },
  'GET /v1/events?from=7': streaming(events, then),
});
const problem = (code: string) => ({ problems: [{ code, path: 'mial', what: 'w', why: 'y', todo: 't' }] });
const restore = ['perform_action', '-t', 'mail', '-a', 'restore'] as const;

test('a restore is followed to its end, step by step, and nothing of others is shown', async () => {
  const { root, asked } = await agent(
    following(
      [
        begun,
        stepBegun('ip'),
        { ...stepBegun('other'), operation: 'o2' } as NewEvent,
        commandEnded('failed', [], 'c0'),
        stepEnded('ip', 'done'),
        stepBegun('mail'),
        stepEnded('mail', 'done'),
        { kind: 'operation-ended', operation: 'o1', result: 'done', tookMs: 30 },
        commandEnded('done'),
      ],
      'stays',
    ),
  );
  const ended = await call([...restore, '--', '--deep', '007'], { root, env: { SUDO_USER: 'eve' } });
  expect(ended.stdout.split('\n')).toEqual([
    'restore mail on alpha: 2 steps',
    '  begun     restore ip',
    '  done      restore ip  (12 ms)',
    '  begun     restore mail',
    '  done      restore mail  (12 ms)',
    'restore mail: done',
    '',
  ]);
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(asked[0]?.body).toEqual({
    action: 'restore',
    tag: 'mail',
    parents: true,
    refuseIfElsewhere: false,
    dryRun: false,
    args: ['--deep', '007'],
    by: 'eve (perform_action)',
  });
});

test('a step that fails is told with its evidence and what to do, and the exit code is 1', async () => {
  const { root } = await agent(
    following([
      begun,
      stepBegun('ip'),
      stepEnded('ip', 'failed', 'ip: exit 2: Cannot find device "eth9"', 'correct the device of ip'),
      stepEnded('mail', 'skipped', 'ip failed'),
      commandEnded('failed', [{ tag: 'ip', state: 'OSF', says: 'restore failed' }]),
    ]),
  );
  const ended = await call(restore, { root });
  expect(ended.exitCode).toBe(1);
  expect(ended.stdout).toContain(
    [
      '  failed    restore ip  (12 ms)',
      '    why   ip: exit 2: Cannot find device "eth9"',
      '    do    correct the device of ip',
      '  skipped   restore mail',
      '    why   ip failed',
    ].join('\n'),
  );
  expect(ended.stderr).toBe('restore mail: failed\n  ip is OSF: restore failed\n');
});

test('nothing to do is said, with the parents that are out, and is no failure', async () => {
  const notes = [
    { tag: 'ip', because: { code: 'already-in-service', says: 'ip is in service already' } },
    { tag: 'mail', because: { code: 'left-out', says: 'mail is OSU, and ip was in service already' } },
  ];
  const { root } = await agent({
    'POST /v1/commands': { says: { command: 'c1', fromEvent: 7, plan: { steps: [], notes } } },
    'GET /v1/events?from=7': streaming([commandEnded('done')], 'stays'),
  });
  const ended = await call(['perform_action', '-t', 'ip', '-a', 'restore'], { root });
  expect(ended.exitCode).toBe(0);
  expect(ended.stdout).toBe(
    'nothing to do\n  -  ip: ip is in service already\n  -  mail: mail is OSU, and ip was in service already\n',
  );
});

test('a dry run shows the steps and asks for nothing else', async () => {
  const { root, asked } = await agent({ 'POST /v1/commands': { says: { fromEvent: 7, plan } } });
  const ended = await call([...restore, '--dry-run'], { root });
  expect(ended.stdout).toBe(
    [
      'restore mail on alpha: 2 steps',
      '  1  restore ip: mail needs it',
      '  2  restore mail, after ip: requested',
      'nothing was done',
      '',
    ].join('\n'),
  );
  expect(ended.exitCode).toBe(0);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.body).toMatchObject({ dryRun: true });
});

test('JSON is a line each for the plan, the events and the result', async () => {
  const { root } = await agent(following([begun, stepEnded('ip', 'done'), commandEnded('done')]));
  const ended = await call([...restore, '--json'], { root });
  const lines = ended.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ schema, kind, result }) => [schema, kind ?? result])).toEqual([
    ['holdfast.plan/1', undefined],
    ['holdfast.event/1', 'operation-begun'],
    ['holdfast.event/1', 'step-ended'],
    ['holdfast.event/1', 'command-ended'],
    ['holdfast.result/1', 'done'],
  ]);
  expect(lines.at(-1)).toMatchObject({ exitCode: 0, problems: [], unmet: [] });
});

test.each([
  [['-t', 'x', '-a', 'restore'], { action: 'restore', parents: true, refuseIfElsewhere: false }],
  [
    ['-G', '-s', '-n', '-t', 'x', '-a', 'restore'],
    { action: 'restore', parents: false, refuseIfElsewhere: true },
  ],
  [['-t', 'x', '-a', 'remove'], { action: 'remove', reach: 'above' }],
  [['-s', '-t', 'x', '-a', 'remove'], { action: 'remove', reach: 'only' }],
  [['-b', '-t', 'x', '-a', 'remove'], { action: 'remove', reach: 'whole' }],
])('%j asks for the right thing', async (args, expected) => {
  const { root, asked } = await agent({ 'POST /v1/commands': { says: { fromEvent: 7, plan } } });
  expect((await call(['perform_action', ...args, '--dry-run'], { root })).exitCode).toBe(0);
  expect(asked[0]?.body).toMatchObject(expected);
});

test.each([
  ['a refusal', 'PARENT_IN_SERVICE', 1],
  ['an unknown tag', 'UNKNOWN_RESOURCE', 3],
])('%s is told with its code %s and exit code %d', async (_, code, exitCode) => {
  const { root } = await agent({ 'POST /v1/commands': { status: 409, says: problem(code) } });
  const ended = await call(restore, { root });
  expect(ended).toMatchObject({ exitCode, stdout: '' });
  expect(ended.stderr).toBe(`${code}   w\n  why   y\n  do    t\n\n1 problem; nothing was done\n`);
  const json = await call([...restore, '--json'], { root });
  expect(json).toMatchObject({ exitCode, stderr: '' });
  expect(JSON.parse(json.stdout)).toEqual({
    schema: 'holdfast.result/1',
    exitCode,
    result: 'refused',
    ...problem(code),
  });
});

test('a command that a later one overtook has not done what was asked', async () => {
  const { root } = await agent(following([begun, commandEnded('overtaken')]));
  const ended = await call(restore, { root });
  expect(ended.exitCode).toBe(1);
  expect(ended.stderr).toContain('a later command wants something else');
});

test('an agent that is not running is exit code 4, and how to start it is said', async () => {
  const { root } = await agent(undefined);
  const ended = await call(restore, { root });
  expect(ended.exitCode).toBe(4);
  expect(ended.stderr).toMatch(/^AGENT_DOWN .*\n {2}why {3}there is no socket .*\n {2}do {4}start it: /);
});

test('an agent that is lost half-way is exit code 4, and the intent is said to be kept', async () => {
  const { root } = await agent(
    following([begun, stepBegun('ip'), { kind: 'agent-stopping', says: 'ended by SIGTERM' }]),
  );
  const ended = await call(restore, { root });
  expect(ended.exitCode).toBe(4);
  expect(ended.stderr).toMatch(
    /AGENT_LOST.*\n {2}why {3}it is stopping: ended by SIGTERM\n {2}do {4}what was asked is kept/,
  );
});

test('^C ends the following and not the operation, and says how to look', async () => {
  const { root } = await agent(following([begun, stepBegun('ip')], 'stays'));
  const started = await callUntil(restore, { root }, 'begun     restore ip');
  started.kill('SIGINT');
  const ended = await started.ended;
  expect(ended.exitCode).toBe(130);
  expect(ended.stderr.replace(/\s+/g, ' ')).toContain(
    'restore mail goes on. See how it does with holdfast status',
  );
});

test('who may not speak to the agent is told so, exit code 5', async () => {
  const { root } = await agent(following([]));
  const nobody = await accountOf('nobody', run);
  if (nobody === undefined || process.getuid?.() !== 0)
    throw new Error('this test needs root and the account nobody');
  const ended = await run([`${binFolder}/perform_action`, '-t', 'mail', '-a', 'restore'], {
    budgetMs: 20_000,
    env: { HOLDFAST_ROOT: root },
    account: nobody,
  });
  expect(ended.exitCode).toBe(5);
  expect(ended.stderr).toMatch(/^NOT_ALLOWED .*\n {2}why .*EACCES.*\n {2}do .*as root/s);
});

test.each([
  ['in-service', 0],
  ['degraded', 0],
  ['failed', 1],
  ['out-of-service', 1],
  ['timeout', 1],
  ['unknown', 1],
])('a check that finds %s is exit code %d', async (finding, exitCode) => {
  const { root, asked } = await agent({
    'POST /v1/checks': { says: { finding, evidence: 'port 25 says so', tookMs: 3 } },
  });
  const ended = await call(['perform_action', '-t', 'mail', '-a', 'quickCheck'], { root });
  expect(ended.stdout).toBe(`quickCheck of mail: ${finding}  (3 ms)\n  why   port 25 says so\n`);
  expect(ended.exitCode).toBe(exitCode);
  expect(asked[0]?.body).toEqual({ tag: 'mail', action: 'quickCheck', args: [] });
});

test.each([
  [['-t', 'mail'], '-a is missing'],
  [['-t', 'mail', '-a', 'recover', '-G'], 'go with restore and remove, not with recover'],
  [['-t', 'mail', '-a', 'restore', '-b'], '-b goes with remove'],
  [['-t', 'mail', '-a', 'remove', '-n'], '-n goes with restore'],
  [['-t', 'mail', '-a', 'remove', '-s', '-b'], '-s and -b contradict each other'],
  [['-t', 'mail', '-a', 'quickCheck', '--dry-run'], 'go with restore and remove, not with quickCheck'],
  [['-t', 'mail', '-t', 'web', '-a', 'restore'], '-t was given more than once'],
  [['-t', 'mail', '-a', 'restore', '--dryrun'], 'there is no option --dryrun; did you mean --dry-run?'],
  [['-t', 'mail', '-a', 'restore', 'now'], 'nothing is made of now'],
])('%j is a misuse: exit code 2, and the agent is not asked', async (args, says) => {
  const { root, asked } = await agent(following([]));
  const ended = await call(['perform_action', ...args], { root });
  expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
  expect(ended.stderr).toContain(says);
  expect(ended.stderr).toContain('See perform_action --help');
  expect(asked).toEqual([]);
});

test('-G asks for the command without its global scripts', async () => {
  const { root, asked } = await agent({ 'POST /v1/commands': { says: { fromEvent: 7, plan } } });
  await call([...restore, '-G', '--dry-run'], { root });
  expect(asked[0]?.body).toMatchObject({ skipScripts: true });
});

test('any other action is asked of the agent by its name, with its arguments, and followed to its end', async () => {
  const { root, asked } = await agent({
    'POST /v1/actions': { says: { kind: 'operation', operation: 'o1', fromEvent: 7 } },
    'GET /v1/events?from=7': streaming([
      begun,
      stepEnded('ip', 'done'),
      { kind: 'operation-ended', operation: 'o1', result: 'done', tookMs: 5 },
    ]),
  });
  const ended = await call(['perform_action', '-t', 'ip', '-a', 'recover', '--', '--deep'], { root });
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ended.stdout).toMatch(/^ {2}done .* ip {2}\(12 ms\)\nrecover ip: done\n$/);
  expect(asked[0]?.body).toMatchObject({ tag: 'ip', action: 'recover', args: ['--deep'] });
});
