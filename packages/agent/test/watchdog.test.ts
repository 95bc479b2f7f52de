import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '@holdfast/kit';
import { afterEach, expect, test } from '@jest/globals';
import { DeviceWatchdog } from '../src/program/watchdog/deviceWatchdog.ts';
import { SocketWatchdog } from '../src/program/watchdog/socketWatchdog.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A file in the place of the device, and what the kernel would tell of it. `wdctl` sets only what the driver can. */
function machine({ timeout = '60', nowayout = '0', most = 60 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-watchdog-'));
  folders.push(folder);
  const device = join(folder, 'watchdog0');
  const told = join(folder, 'class', 'watchdog0');
  mkdirSync(told, { recursive: true });
  writeFileSync(device, '');
  writeFileSync(join(told, 'timeout'), `${timeout}\n`);
  writeFileSync(join(told, 'nowayout'), `${nowayout}\n`);
  const ran: (readonly string[])[] = [];
  const runProgram = (async (argv: readonly string[]) => {
    ran.push(argv);
    if (Number(argv[2]) <= most) writeFileSync(join(told, 'timeout'), `${argv[2]}\n`);
    return { says: 'wdctl: exit 0' };
  }) as unknown as Run;
  const watchdog = new DeviceWatchdog({
    device,
    timeoutMs: 6_000,
    folder: join(folder, 'class'),
    runProgram,
  });
  return { watchdog, device, ran, written: () => readFileSync(device, 'utf8') };
}

test('the timeout of a device is set before it is opened, and only when it is another', async () => {
  const { watchdog, device, ran } = machine();
  await watchdog.prepare();
  await watchdog.prepare();
  // wdctl stops what it sets, and what runs may be there for what an earlier keeper left.
  expect(ran).toEqual([['wdctl', '--settimeout', '6', device]]);
});

test('a device whose driver cannot have the timeout is refused', async () => {
  const { watchdog } = machine({ most: 5 });
  await expect(watchdog.prepare()).rejects.toThrow(/cannot be set to 6 s, right and drop together: it is 60/);
});

test('a device that is not there is refused', async () => {
  const watchdog = new DeviceWatchdog({ device: '/dev/holdfast-none', timeoutMs: 6_000 });
  await expect(watchdog.prepare()).rejects.toThrow(/cannot be opened/);
});

test('a device is kicked only while it is armed, and is stopped by what the kernel knows', async () => {
  const { watchdog, written } = machine();
  watchdog.kick();
  await watchdog.arm();
  watchdog.kick();
  await watchdog.arm();
  watchdog.kick();
  expect(await watchdog.disarm()).toBe(true);
  watchdog.kick();
  expect(written()).toBe('\n\nV');
});

test('a device that cannot be stopped says so, and goes on being kicked', async () => {
  const { watchdog, written } = machine({ nowayout: '1' });
  await watchdog.arm();
  expect(await watchdog.disarm()).toBe(false);
  watchdog.kick();
  expect(written()).toBe('\n');
});

test('a watchdog behind a socket is armed when it says so, and hears every kick', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-watchdog-'));
  folders.push(folder);
  const path = join(folder, 'watchdog.sock');
  const absent = new SocketWatchdog({ path, timeoutMs: 6_000 });
  await expect(absent.prepare()).rejects.toThrow(/does not answer/);
  let heard = '';
  const { promise: isStopped, resolve } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      heard += data.toString();
      if (heard.endsWith('timeout 6000\n')) socket.write('armed\n');
      if (heard.endsWith('disarm\n')) resolve();
    });
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  const watchdog = new SocketWatchdog({ path, timeoutMs: 6_000 });
  await watchdog.prepare();
  await watchdog.arm();
  watchdog.kick();
  await watchdog.disarm();
  await isStopped;
  expect(heard).toBe('timeout 6000\nkick\ndisarm\n');
  await new Promise((closed) => server.close(closed));
});
