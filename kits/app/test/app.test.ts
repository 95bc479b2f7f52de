import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kitConformance } from '@holdfast/kit/conformance';
import { type Lab, type LabNode, openLab } from '@holdfast/lab';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kit } from '../src/index.ts';

const programs = fileURLToPath(new URL('programs', import.meta.url));
const scripts = '/etc/holdfast/app';
const given = (name: string) => {
  const sha256 = createHash('sha256')
    .update(readFileSync(`${programs}/${name}`))
    .digest('hex');
  return { path: `${scripts}/${name}`, sha256 };
};
const settings = {
  id: '/srv/app',
  info: 'port=8080 of a test',
  restore: given('restore'),
  remove: given('remove'),
  quickCheck: given('quickCheck'),
  recover: given('recover'),
};

let lab: Lab;
let node: LabNode;
beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'app-alpha', address: '10.77.0.2' });
  await node.run(['mkdir', '-p', scripts, '/srv/app', '/srv/other'], { budgetMs: 5_000 });
  for (const name of ['restore', 'remove', 'quickCheck', 'recover'])
    await node.writeFile(`${scripts}/${name}`, readFileSync(`${programs}/${name}`, 'utf8'), 0o755);
});
afterAll(() => lab?.close());

kitConformance({
  kit: 'app',
  host: () => node,
  world: () => ({
    settings,
    prepare: [['sh', '-c', 'setsid sleep infinity </dev/null >/dev/null 2>&1 & echo $! >/srv/other/pid']],
    serves: ['sh', '-c', 'test -e "/proc/$(head -n 1 /srv/app/pid)/exe"'],
    same: ['cat', '/srv/app/pid'],
    breakIt: ['sh', '-c', 'kill -KILL "$(head -n 1 /srv/app/pid)"'],
    bystanders: [
      { name: 'another sleep', probe: ['sh', '-c', 'readlink "/proc/$(cat /srv/other/pid)/exe"'] },
    ],
    wrongSettings: [
      { restore: '/etc/holdfast/app/restore' },
      { restore: { path: 'restore', sha256: given('restore').sha256 } },
      { remove: { path: '/remove', sha256: 'beef' } },
      { id: 'two\nlines' },
      { remove: null },
    ],
  }),
  framework: { describe, beforeAll, test, expect },
});

describe('the generic application', () => {
  test('gets -t TAG -i ID and its info, and is out of service where nobody restored it', async () => {
    expect(await act('quickCheck')).toMatchObject({
      finding: 'out-of-service',
      evidence: expect.stringContaining('nobody sleeps for -t by-hand -i /srv/app, port=8080 of a test'),
    });
  });

  test('without a quickCheck is healthy once restored, and out of service once removed', async () => {
    const { quickCheck: _, recover: __, ...bare } = settings;
    expect(await act('quickCheck', bare)).toMatchObject({ finding: 'out-of-service' });
    expect(await act('restore', bare)).toMatchObject({ result: 'done' });
    expect(await act('quickCheck', bare)).toMatchObject({ finding: 'in-service' });
    expect(await act('recover', bare)).toMatchObject({
      result: 'failed',
      evidence: 'it has no recover script',
    });
    expect(await act('remove', bare)).toMatchObject({ result: 'done' });
    expect(await act('quickCheck', bare)).toMatchObject({ finding: 'out-of-service' });
    expect(await act('preflight', bare)).toMatchObject({
      ready: true,
      warnings: [expect.stringContaining('healthy')],
    });
  });

  test('whose restore failed without a quickCheck is not taken for healthy', async () => {
    const { quickCheck: _, ...bare } = { ...settings, id: '/nowhere' };
    expect(await act('restore', bare)).toMatchObject({ result: 'failed' });
    expect(await act('quickCheck', bare)).toMatchObject({ finding: 'failed' });
    expect(await act('remove', bare)).toMatchObject({ result: 'done' });
  });

  test('runs no script with other content than configured', async () => {
    const other = { ...settings, restore: { ...settings.restore, sha256: '0'.repeat(64) } };
    const why = expect.stringContaining(
      `another than the one configured: its SHA-256 is ${settings.restore.sha256}`,
    );
    expect(await act('restore', other)).toMatchObject({ result: 'failed', evidence: why });
    expect(await act('preflight', other)).toMatchObject({ ready: false, evidence: why });
    expect(await act('remove')).toMatchObject({ result: 'done' });
  });

  test.each([
    [
      ['chmod', '757', `${scripts}/quickCheck`],
      /can be written by everybody/,
      ['chmod', '755', `${scripts}/quickCheck`],
    ],
    [['chown', '65534', scripts], /belongs to the account 65534/, ['chown', '0', scripts]],
    [
      ['chmod', '644', `${scripts}/quickCheck`],
      /cannot be executed/,
      ['chmod', '755', `${scripts}/quickCheck`],
    ],
  ] as const)(
    'says that it does not know when %j makes its check unsafe or impossible',
    async (spoil, says, mend) => {
      await node.run(spoil, { budgetMs: 5_000 });
      const checked = await act('quickCheck');
      await node.run(mend, { budgetMs: 5_000 });
      expect(checked).toMatchObject({ finding: 'unknown', evidence: expect.stringMatching(says) });
    },
  );

  test('tells in its refusals what is allowed, with an example', () => {
    const refusals = kit.settings.safeParse({
      ...settings,
      restore: '/etc/x',
      remove: { path: 'x', sha256: 'y' },
    });
    const says = refusals.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
    expect(says).toEqual([
      expect.stringMatching(/^restore: a path and a hash, such as/),
      expect.stringMatching(/^remove.path: an absolute path .* such as/),
      expect.stringMatching(/^remove.sha256: 64 hexadecimal digits, as sha256sum prints/),
    ]);
  });
});

async function act(action: string, changed: object = settings): Promise<object> {
  const ran = await node.run(['holdfast', 'kit', 'run', 'app', action, '--settings', '-', '--json'], {
    budgetMs: 10_000,
    input: JSON.stringify(changed),
  });
  return JSON.parse(ran.stdout);
}
