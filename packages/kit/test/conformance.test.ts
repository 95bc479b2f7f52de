import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { conformanceRules, type Row, type WrittenWorld } from '../src/conformance.ts';
import { run } from '../src/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-kit-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('an honest kit breaks no rule, and every rule is tried', async () => {
  const rows = await rowsOf('honest');
  expect(rows.map(({ rule }) => rule)).toEqual(conformanceRules);
  expect(rows.filter(({ outcome }) => outcome !== 'passed')).toEqual([
    expect.objectContaining({ rule: 'recover repairs what broke', outcome: 'not-applicable' }),
  ]);
});

test.each([
  ['takesAnything', 'wrong settings are refused by the schema'],
  ['refusesSecondRemove', 'remove is done when it is out already, and when it never was in'],
  ['startsAnew', 'a second restore changes nothing'],
  ['liesInCheck', 'the check tells the truth: before, during and after, and when it broke'],
  ['hangsInCheck', 'every action answers within its budget, also when the service is frozen'],
  ['killsByName', 'bystanders are undisturbed all along'],
  ['leavesProcess', 'nothing is left behind: no process, no mount, no address'],
  ['forgetsHalfWay', 'nothing is left behind: no process, no mount, no address'],
  ['saysNothing', 'every answer has the right form and shows evidence'],
])('the fault of %s breaks exactly one rule: %s', async (name, rule) => {
  const broken = (await rowsOf(name)).filter(({ outcome }) => outcome === 'failed');
  expect(broken.map((row) => row.rule)).toEqual([rule]);
});

test('a check that repairs is found out', async () => {
  const broken = (await rowsOf('changesInCheck')).filter(({ outcome }) => outcome === 'failed');
  expect(broken.map(({ rule }) => rule)).toContain('a check changes nothing');
});

test('what was left half-way is told with the rule that left it', async () => {
  const rows = await rowsOf('forgetsHalfWay');
  const left = rows.find(({ outcome }) => outcome === 'failed');
  expect(left?.saw).toMatch(
    /the process \d+ \(sleep\) after "remove after a restore that was stopped half-way/,
  );
});

/** In a pid namespace of its own: nobody else's processes come and go there, and what a kit leaves ends with it. */
async function rowsOf(name: string): Promise<readonly Row[]> {
  const tried = await run(
    [
      ...(['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', process.execPath] as const),
      ...['--disable-warning=ExperimentalWarning', path('../src/program/main.ts')],
      ...['test', path(`kits/${name}`), '--world', '-', '--json'],
    ],
    { budgetMs: 25_000, input: JSON.stringify(world()) },
  );
  if (tried.stdout === '') throw new Error(`${tried.says}\n${tried.stderr}`);
  return JSON.parse(tried.stdout).rows;
}

function world(): WrittenWorld {
  const pidFile = `${folder}/pid`;
  const isThere = path('programs/isThere.sh');
  return {
    settings: { folder },
    serves: ['sh', isThere, pidFile],
    same: ['cat', pidFile],
    breakIt: ['pkill', '-KILL', '-F', pidFile],
    freeze: ['touch', `${folder}/frozen`],
    unfreeze: ['rm', '-f', `${folder}/frozen`],
    // The first probe makes the bystander, and every one tells whether it is the same.
    bystanders: [
      { name: 'another sleeper', probe: ['sh', path('programs/bystander.sh'), `${folder}/bystander`] },
    ],
    wrongSettings: [{ folder: 'nowhere' }, { foldre: '/tmp' }],
    frozenBudgetMs: 500,
  };
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
