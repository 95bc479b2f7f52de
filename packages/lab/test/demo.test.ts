import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accountOf, run, start } from '@holdfast/kit';
import { expect, test } from '@jest/globals';
import { waitUntil } from '../src/waitUntil.ts';
import { thisMachine } from './thisMachine.ts';

const demo = fileURLToPath(new URL('../src/demo/main.ts', import.meta.url));
const budget = { budgetMs: 60_000 };

/** The machine has other work while it is tested. */
const twoNodes = ['--nodes', '2', '--unhurried'];

type Line = Readonly<{
  schema: string;
  kind: string;
  what?: string;
  ms?: number;
  count?: number;
  lines?: readonly object[];
}>;

const readLines = (text: string): readonly Line[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

test('the demo tells its story to the end, measures its repairs, and leaves nothing', async () => {
  const before = await thisMachine();
  const result = await run([process.execPath, demo, '--json'], budget);
  expect({ exitCode: result.exitCode, said: result.stderr }).toEqual({ exitCode: 0, said: '' });
  const lines = readLines(result.stdout);
  expect(new Set(lines.map(({ schema }) => schema))).toEqual(new Set(['holdfast.demo/1']));
  const measured = lines.filter(({ kind }) => kind === 'measured');
  expect(measured.map(({ what }) => what)).toEqual([
    'The client read all 1000 rows again',
    'The address was back',
  ]);
  const timelines = lines.filter(({ kind }) => kind === 'timeline');
  expect(timelines.every((one) => one.lines!.length > 3)).toBe(true);
  expect(await thisMachine()).toEqual(before);
}, 60_000);

test('an interrupted demo closes its lab and says so with its exit code', async () => {
  let said = '';
  const demonstration = start([process.execPath, demo], {
    onOutput: (text) => {
      said += text;
    },
  });
  expect(await waitUntil(() => said.includes('perform_action'), 30_000)).toBe(true);
  const tree = descendantsOf(demonstration.pid!);
  expect(tree.length).toBeGreaterThan(4);
  process.kill(demonstration.pid!, 'SIGINT');
  const ended = await demonstration.ended;
  expect(ended.exitCode).toBe(130);
  expect(await waitUntil(() => tree.every(isGone), 2_000)).toBe(true);
});

test('two nodes: the database moves, survives a power cut, and no row that was acknowledged is lost', async () => {
  const before = await thisMachine();
  const result = await run([process.execPath, demo, ...twoNodes, '--json'], budget);
  expect({ exitCode: result.exitCode, said: result.stderr }).toEqual({ exitCode: 0, said: '' });
  const lines = readLines(result.stdout);
  const outages = lines.filter(({ kind }) => kind === 'measured').map(({ ms }) => ms!);
  expect(outages).toHaveLength(3);
  // A planned move waits for nobody, a power cut for the node that is gone, and a node that joins disturbs nobody.
  expect(outages[0]).toBeLessThan(outages[1]!);
  const counted = lines.filter(({ kind }) => kind === 'counted');
  const ofWhat = (what: RegExp) => counted.filter((line) => what.test(line.what!)).map(({ count }) => count);
  expect(ofWhat(/rows that are lost/)).toEqual([0, 0]);
  expect(ofWhat(/on both nodes/)).toEqual([0, 0]);
  expect(Math.min(...(ofWhat(/acknowledged|^Looks/) as number[]))).toBeGreaterThan(5);
  expect(lines.filter(({ kind }) => kind === 'timeline').every((one) => one.lines!.length > 3)).toBe(true);
  expect(await thisMachine()).toEqual(before);
}, 90_000);

test('two nodes: nothing is left of a demo that is interrupted, or killed', async () => {
  const before = await thisMachine();
  const ended = await Promise.all([endInTheMiddle('SIGINT'), endInTheMiddle('SIGKILL')]);
  expect(ended).toEqual([
    { exitCode: 130, isAllGone: true },
    { exitCode: undefined, isAllGone: true },
  ]);
  expect(await thisMachine()).toEqual(before);
}, 60_000);

/** Ends a demo of two nodes while the client writes, and looks whether all that it had started is gone soon. */
async function endInTheMiddle(signal: NodeJS.Signals): Promise<object> {
  let said = '';
  const demonstration = start([process.execPath, demo, ...twoNodes], {
    onOutput: (text) => {
      said += text;
    },
  });
  const isThere = await waitUntil(() => said.includes('A planned move'), 45_000);
  expect({ isThere, said: isThere ? '' : said }).toEqual({ isThere: true, said: '' });
  const tree = descendantsOf(demonstration.pid!);
  expect(tree.length).toBeGreaterThan(20);
  process.kill(demonstration.pid!, signal);
  const { exitCode } = await demonstration.ended;
  return { exitCode, isAllGone: await waitUntil(() => tree.every(isGone), 5_000) };
}

test('without root the demo says what it needs', async () => {
  const account = await accountOf('nobody', run);
  const result = await run([process.execPath, demo], { ...budget, account: account! });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(/needs root.*with sudo/s);
});

test('an option that the demo does not know is an error of usage', async () => {
  const result = await run([process.execPath, demo, '--quick'], budget);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain("Unknown option '--quick'");
});

function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  if (children === '') return [];
  return children.split(' ').flatMap((child) => [Number(child), ...descendantsOf(Number(child))]);
}

function isGone(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
