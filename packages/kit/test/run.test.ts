import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import {
  accountOf,
  listPids,
  type ProcessEntry,
  readProcess,
  run,
  signalProcess,
  start,
  waitUntil,
} from '../src/index.ts';

const budget = { budgetMs: 10_000 };

test('an exit code is told with the last line that was said', async () => {
  expect(await run(script('exitWith', '0'), budget)).toMatchObject({
    ok: true,
    ending: 'exited',
    exitCode: 0,
  });
  const result = await run(script('exitWith', '7'), budget);
  expect(result).toMatchObject({
    ok: false,
    ending: 'exited',
    exitCode: 7,
    says: 'sh: exit 7: because of 7',
  });
});

test('an exit code of 127 is an exit code, when the program was there', async () => {
  expect(await run(script('exitWith', '127'), budget)).toMatchObject({ ending: 'exited', exitCode: 127 });
});

test('a signal that ends a program is told', async () => {
  expect(await run(script('endBySignal', 'SEGV'), budget)).toMatchObject({
    ok: false,
    ending: 'signalled',
    signal: 'SIGSEGV',
    exitCode: undefined,
  });
});

test('a program that is not there was not started', async () => {
  const result = await run(['/nowhere/program'], budget);
  expect(result).toMatchObject({ ok: false, ending: 'not-started', exitCode: undefined });
  expect(result.says).toContain('/nowhere/program');
});

test('at the end of its budget a program ends with all that it started, though none of them hears TERM', async () => {
  const begunAt = performance.now();
  const result = await run(script('deafFamily'), { budgetMs: 500, killAfterMs: 200 });
  const tookMs = performance.now() - begunAt;
  expect(result).toMatchObject({ ok: false, ending: 'budget' });
  expect(tookMs).toBeGreaterThanOrEqual(700);
  expect(tookMs).toBeLessThan(3_000);
  await mustBeGone(pidAfter('child', result.stdout), pidAfter('grandchild', result.stdout));
});

test('what a program leaves in its group ends too, when the program itself ended in time', async () => {
  const result = await run(script('leaveDeafChild'), { budgetMs: 500, killAfterMs: 5_000 });
  expect(result).toMatchObject({ ok: false, ending: 'budget' });
  expect(result.tookMs).toBeLessThan(3_000);
  await mustBeGone(pidAfter('child', result.stdout));
});

test('an abort ends it in the same way', async () => {
  const controller = new AbortController();
  const result = await run(script('deafFamily'), {
    ...budget,
    killAfterMs: 100,
    signal: controller.signal,
    onOutput: (text) => {
      if (text.includes('grandchild')) controller.abort();
    },
  });
  expect(result).toMatchObject({ ok: false, ending: 'aborted' });
  await mustBeGone(pidAfter('child', result.stdout), pidAfter('grandchild', result.stdout));
});

test('after an abort nothing is started', async () => {
  const result = await run(script('exitWith', '0'), { ...budget, signal: AbortSignal.abort() });
  expect(result).toMatchObject({ ok: false, ending: 'aborted', exitCode: undefined, stdout: '' });
});

test('a flood of output is read to its end, and only the end of it is kept', async () => {
  const result = await run(script('flood'), budget);
  expect(result).toMatchObject({ ok: true });
  expect(result.stdout.length).toBeLessThanOrEqual(65_536);
  expect(result.stdout.endsWith('last word\n')).toBe(true);
  expect(result.dropped).toBeGreaterThan(29_000_000);
});

test('a process that was left behind with the output open does not hold up the answer, and lives on', async () => {
  const result = await run(script('leaveServer'), budget);
  expect(result).toMatchObject({ ok: true, ending: 'exited' });
  expect(result.tookMs).toBeLessThan(3_000);
  const pid = pidAfter('left', result.stdout);
  try {
    expect(await readProcess(pid)).toMatchObject({ name: 'sleep' });
  } finally {
    process.kill(pid, 'SIGKILL');
  }
});

test('the environment is what was given and the minimum, and nothing of ours', async () => {
  process.env.HOLDFAST_SECRET_OF_THE_AGENT = 'secret';
  try {
    const { stdout } = await run(['env'], { ...budget, env: { GIVEN: 'yes' } });
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names.sort()).toEqual(['GIVEN', 'LANG', 'LC_ALL', 'PATH']);
  } finally {
    delete process.env.HOLDFAST_SECRET_OF_THE_AGENT;
  }
});

test('input is written and closed, and none is an end of file at once', async () => {
  expect((await run(['cat'], { ...budget, input: 'a line\nand more' })).stdout).toBe('a line\nand more');
  expect(await run(['cat'], budget)).toMatchObject({ ok: true, stdout: '' });
});

test('a program that does not read its input is no trouble', async () => {
  expect(await run(script('exitWith', '0'), { ...budget, input: 'x'.repeat(1_000_000) })).toMatchObject({
    ok: true,
  });
});

test('an argument is handed on as it is, and no shell reads it', async () => {
  const word = '$(id) `id` "; id #\n* ?';
  expect((await run(['printf', '%s', word], budget)).stdout).toBe(word);
});

test('a program runs as another account with all its groups and none of ours', async () => {
  const account = await accountOf('nobody', run);
  expect(account).toBeDefined();
  const shown = await run(['id'], { ...budget, account: account! });
  const expected = await run(['id', 'nobody'], budget);
  expect(shown.stdout).toBe(expected.stdout);
  expect(await accountOf('no-such-account', run)).toBeUndefined();
});

test('it leads a group of its own, in the folder that was asked for', async () => {
  const { stdout } = await run(['sh', '-c', 'cut -d" " -f1,5 /proc/$$/stat; pwd'], {
    ...budget,
    cwd: '/usr',
  });
  const [pid, group, folder] = stdout.trim().split(/\s/);
  expect(group).toBe(pid);
  expect(folder).toBe('/usr');
  expect(pid).not.toBe(String(process.pid));
});

test('a hundred programs leave no process and no open file behind', async () => {
  await run(['true'], budget);
  const files = await openFiles();
  await Promise.all(Array.from({ length: 100 }, () => run(['true'], budget)));
  const back = await waitUntil(async () => ((await openFiles()) <= files ? true : undefined), {
    withinMs: 5_000,
  });
  expect(back).toBe(true);
  const entries = await Promise.all((await listPids()).map(readProcess));
  expect(entries.filter((entry) => entry?.parent === process.pid && entry.name === 'true')).toEqual([]);
});

test('what was begun in the moment in which its parent was killed is not left behind', async () => {
  // A span that nobody else sleeps for.
  const seconds = `600.${process.pid}`;
  const program = fileURLToPath(new URL('programs/startAndDie.ts', import.meta.url));
  const deaths = Array.from({ length: 10 }, () =>
    run([process.execPath, program, seconds], { budgetMs: 30_000 }),
  );
  for (const death of deaths) expect((await death).signal).toBe('SIGKILL');
  const sleepers = async () => {
    const lines = await Promise.all((await listPids()).map(commandLine));
    return lines.filter((line) => line.includes(seconds));
  };
  const left = await waitUntil(async () => ((await sleepers()).length === 0 ? 0 : undefined), {
    withinMs: 10_000,
  });
  expect([left, await sleepers()]).toEqual([0, []]);
});

function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

function script(name: string, ...words: string[]): [string, ...string[]] {
  return ['sh', fileURLToPath(new URL(`programs/${name}.sh`, import.meta.url)), ...words];
}

function pidAfter(word: string, text: string): number {
  const match = new RegExp(`^${word} (\\d+)$`, 'm').exec(text);
  if (match === null) throw new Error(`nothing after ${word} in: ${text}`);
  return Number(match[1]);
}

async function mustBeGone(...pids: number[]): Promise<void> {
  let left: ProcessEntry[] = [];
  await waitUntil(
    async () => {
      left = (await Promise.all(pids.map(readProcess))).filter((entry) => entry !== undefined);
      return left.length === 0 ? true : undefined;
    },
    { withinMs: 2_000 },
  );
  // Also a test that fails leaves nothing behind.
  for (const entry of left) await signalProcess(entry, 'SIGKILL');
  expect(left).toEqual([]);
}

async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}

test('what is written to a program that lives on is read by it, until nobody reads it any more', async () => {
  let heard = '';
  const cat = start(['cat'], {
    keepInputOpen: true,
    onOutput: (text) => {
      heard += text;
    },
  });
  expect(await cat.write('one\n')).toBe(true);
  expect(await cat.write('two\n')).toBe(true);
  cat.closeInput();
  expect(await cat.write('three\n')).toBe(false);
  expect(await cat.ended).toMatchObject({ exitCode: 0 });
  expect(heard).toBe('one\ntwo\n');
  expect(await cat.write('four\n')).toBe(false);
});

test('a program that ends without reading takes no text, and nobody waits for it', async () => {
  const deaf = start(['sleep', '0.1'], { keepInputOpen: true });
  // More than a pipe holds.
  expect(await deaf.write('x'.repeat(1_000_000))).toBe(false);
});
