import type { Run, RunResult } from '@holdfast/kit';
import { expect, test } from '@jest/globals';
import { serviceManager } from '../src/program/serviceManager.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

/** A service manager that asks for a kick within 40 ms, and what it was told, until it was told or asked so often. */
function manager(environment: Record<string, string>, loop: { isAlive: boolean }) {
  const told: string[] = [];
  let turns = 1;
  let wakes = 0;
  const enough = Promise.withResolvers<void>();
  const runProgram: Run = async (argv) => {
    told.push(argv.slice(2).join(' '));
    return { ok: true } as RunResult;
  };
  const it = serviceManager({
    environment,
    pid: 7,
    turns: () => turns,
    wake: () => {
      wakes += 1;
      if (loop.isAlive) turns += 1;
      if (wakes === 5) enough.resolve();
    },
    says: () => 'all is well',
    log,
    runProgram,
  });
  return { it, told, enough: enough.promise };
}

const asked = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '40000', WATCHDOG_PID: '7' };

test('where nobody asked, nobody is told', async () => {
  const { it, told } = manager({}, { isAlive: true });
  await it.ready();
  await it.stopping();
  expect(told).toEqual([]);
});

test('systemd is told when it is ready, that its loop turns, and when it stops; the same line once', async () => {
  const { it, told, enough } = manager(asked, { isAlive: true });
  await it.ready();
  await enough;
  await it.stopping();
  expect(told[0]).toBe('READY=1 STATUS=all is well');
  expect(told.slice(1, 4)).toEqual(['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1']);
  expect(told.at(-1)).toBe('STOPPING=1');
});

test('a loop that hangs is not hidden by a timer that runs', async () => {
  const { it, told, enough } = manager(asked, { isAlive: false });
  await it.ready();
  await enough;
  await it.stopping();
  // One turn was made before the first kick.
  expect(told.filter((words) => words.startsWith('WATCHDOG'))).toHaveLength(1);
});

test('a watchdog of another process is left alone', async () => {
  const { it, told } = manager({ ...asked, WATCHDOG_PID: '8' }, { isAlive: true });
  await it.ready();
  await it.stopping();
  expect(told).toEqual(['READY=1 STATUS=all is well', 'STOPPING=1']);
});

test('one that waits for its store is given more time to be ready', async () => {
  const { it, told } = manager(asked, { isAlive: true });
  await it.waits();
  await it.waits();
  await it.ready();
  await it.stopping();
  expect(told).toEqual([
    'EXTEND_TIMEOUT_USEC=120000000 STATUS=all is well',
    'EXTEND_TIMEOUT_USEC=120000000',
    'READY=1',
    'STOPPING=1',
  ]);
});
