import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FenceDevice, FencingSettings, NodeName } from '@holdfast/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findMissing } from '../../src/program/fence/findMissing.ts';
import { openFencer } from '../../src/program/fence/openFencer.ts';

let folder: string;
const secret = 'a-secret-of-this-test';
const node = 'alpha' as NodeName;
const fencer = openFencer();
const { signal } = new AbortController();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-fence-'));
  await chmod(folder, 0o755);
  await script(
    'fence_tells',
    'given=$(cat); echo "$given" >"$(dirname "$0")/told"; echo "no: $given" >&2; exit 1',
  );
  await script('fence_hangs', 'sleep 60 & echo $! >"$(dirname "$0")/pid"; wait');
  await script('fence_works', 'cat >/dev/null; echo fine >&2');
  await script('fence_describes', `cat >/dev/null; cat <<END\n${metadata}END`);
  await file('password', `${secret}\n`, 0o600);
  await file('open', `${secret}\n`, 0o644);
  await file('two-lines', `${secret}\naction=on\n`, 0o600);
});
afterAll(() => rm(folder, { recursive: true }));

const metadata = `<resource-agent><parameters>
  <parameter name="action" unique="0" required="1"><content type="string" default="reboot" /></parameter>
  <parameter name="ip" unique="0" required="1" obsoletes="ipaddr"><content type="string" /></parameter>
  <parameter name="ipaddr" unique="0" required="1" deprecated="1"><content type="string" /></parameter>
  <parameter name="plug" unique="0" required="1" obsoletes="port"><content type="string" /></parameter>
  <parameter name="power_wait" unique="0" required="0"><content type="second" default="0" /></parameter>
</parameters></resource-agent>
`;

function script(name: string, text: string): Promise<void> {
  return file(name, `#!/bin/sh\n${text}\n`, 0o755);
}
async function file(name: string, text: string, mode: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), mode);
}
const device = (agent: string, parameters: FenceDevice['parameters'] = {}, timeout = 5_000): FenceDevice => ({
  name: 'switch',
  agent: join(folder, agent),
  parameters,
  timeout,
  attempts: 1,
});
const off = (one: FenceDevice) => fencer.run({ device: one, action: 'off', node }, signal);

test('what a device is told comes on its standard input, and what it says back is told without the secret', async () => {
  const parameters = { ip: '10.0.0.12', password: { file: join(folder, 'password') } };
  const answer = await off(device('fence_tells', parameters));
  expect(await readFile(join(folder, 'told'), 'utf8')).toBe(
    `ip=10.0.0.12\npassword=${secret}\nnodename=alpha\naction=off\n`,
  );
  expect(answer).toMatchObject({ ok: false, exitCode: 1 });
  expect(JSON.stringify(answer)).not.toContain(secret);
});

test('a device that does it has done it', async () => {
  expect(await off(device('fence_works'))).toMatchObject({ ok: true, exitCode: 0 });
});

test('one that hangs is ended with all that it started, within its time', async () => {
  const answer = await off(device('fence_hangs', {}, 300));
  expect(answer).toMatchObject({ ok: false });
  expect(answer.tookMs).toBeLessThan(2_000);
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  // Who adopts it may be late to take note that it has ended.
  const stands = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) X');
  expect(stands).toMatch(/\) [ZX]/);
});

test.each([
  ['open', 'may be read by others'],
  ['none', 'cannot be read'],
  ['two-lines', 'more than one line'],
])('a secret in the file %s is refused', async (name, why) => {
  const answer = await off(device('fence_works', { password: { file: join(folder, name) } }));
  expect(answer.ok).toBe(false);
  expect(answer.says).toContain(why);
});

test('a program that others may change is not run', async () => {
  await chmod(join(folder, 'fence_works'), 0o777);
  const answer = await off(device('fence_works'));
  await chmod(join(folder, 'fence_works'), 0o755);
  expect(answer).toMatchObject({ ok: false, says: expect.stringContaining('written by everybody') });
});

test('what an agent needs by its own description is missed, by its old name or its new one', () => {
  const missing = (parameters: FenceDevice['parameters']) => findMissing(metadata, { parameters });
  expect(missing({})).toEqual(['ip', 'plug']);
  expect(missing({ ipaddr: 'a', plug: '1' })).toEqual([]);
});

test('a document is told what its devices lack here', async () => {
  const fencing = (one: FenceDevice): FencingSettings => ({
    delay: 0,
    retry: { after: 1, atMost: 1 },
    nodes: new Map([[node, { action: 'off', levels: [[one]] }]]),
  });
  const problems = async (one: FenceDevice) =>
    (await fencer.findProblems(fencing(one))).map(({ code, path, what }) => `${code} ${path}: ${what}`);
  expect(await problems(device('fence_describes', { ip: '10.0.0.12' }))).toEqual([
    'BAD_FENCING fencing.nodes.alpha.levels.0: The fence device switch lacks the parameter plug',
  ]);
  expect(await problems(device('fence_none'))).toEqual([
    `BAD_FENCING fencing.devices.switch.agent: The fence agent ${join(folder, 'fence_none')} cannot be used from here`,
  ]);
});
