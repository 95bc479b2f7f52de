import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Started, start } from '@holdfast/kit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ProcessWatch } from '../src/program/watch/processWatch.ts';

let folder: string;
const started: Started[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-watch-'));
});
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.kill('SIGKILL');
    await one.ended;
  }
  await rm(folder, { recursive: true });
});

/** A process that does nothing, and its number in a file as some programs write it: with blanks and more lines. */
async function forever(): Promise<Started> {
  const one = start(['sleep', '60']);
  started.push(one);
  await writeFile(join(folder, 'main.pid'), `     ${one.pid}   \n/srv/data\n`);
  return one;
}

/** Each end that was heard of. */
function watching() {
  let heard = 0;
  let awake: () => void = () => undefined;
  const watch = new ProcessWatch({
    pidFile: join(folder, 'main.pid'),
    folder,
    onEnd: () => {
      heard += 1;
      awake();
    },
  });
  const until = async (count: number): Promise<void> => {
    while (heard < count) {
      await new Promise<void>((resolve) => {
        awake = resolve;
      });
    }
  };
  return { watch, until, heard: () => heard };
}

test('the end of a process is heard of, and that of the one that takes its place', async () => {
  const first = await forever();
  const { watch, until } = watching();
  first.kill('SIGKILL');
  await until(1);
  const second = await forever();
  await new Promise((resolve) => setTimeout(resolve, 1_200)); // the second look comes after a second
  second.kill('SIGKILL');
  await until(2);
  watch.close();
});

test('a process that does not end is not heard of, and nothing is left when nobody listens any more', async () => {
  await forever();
  const { watch, heard } = watching();
  watch.close();
  expect(heard()).toBe(0);
  expect(await readdir(folder)).toEqual(['main.pid']);
});

test('a file that is not there, or names nothing, is waited for by nobody', async () => {
  const absent = watching();
  absent.watch.close();
  await writeFile(join(folder, 'main.pid'), 'starting\n');
  const { watch, heard } = watching();
  watch.close();
  expect(heard()).toBe(0);
});
