import { chmod, chown, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { type CallableAction, callAction } from '../src/callAction.ts';
import { loadKit } from '../src/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-script-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = {
  contract: 1,
  type: 'thing',
  summary: 'A thing.',
  identity: '{dataDirectory}:{port}',
  settings: {
    dataDirectory: { type: 'path', description: 'Where it is', effect: 'at once' },
    port: { type: 'port', description: 'Where it listens', effect: 'at once', default: 5000 },
    names: { type: 'list', of: 'text', description: 'Who', effect: 'at once', required: false },
    isLoud: { type: 'boolean', description: 'How', effect: 'at once', required: false },
    waitFor: {
      type: 'integer',
      unit: 'seconds',
      min: 1,
      max: 60,
      description: 'How long',
      effect: 'at once',
      default: 5,
    },
    passwordFile: { type: 'secretFile', description: 'The password', effect: 'at once', required: false },
  },
  timeouts: { restore: '2s', remove: '1500ms', quickCheck: '1s' },
  watch: [{ kind: 'process', pidFile: '{dataDirectory}/pid' }],
};
const settings = { dataDirectory: '/srv/a', names: ['a b', 'c'] };

describe('an exit code', () => {
  test.each([
    [0, 'in-service'],
    [10, 'out-of-service'],
    [11, 'failed'],
    [12, 'degraded'],
    [13, 'timeout'],
    [14, 'unknown'],
  ])('%d of a check is the finding %s', async (code, finding) => {
    await write({ quickCheck: `echo first >&2; echo "the last words" >&2; exit ${code}` });
    expect(await call('quickCheck')).toMatchObject({
      answer: { finding, evidence: 'first; the last words' },
    });
  });

  test.each([
    [0, { result: 'done', evidence: 'words' }],
    [11, { result: 'failed', evidence: 'words', todo: 'look at it' }],
  ])('%d of a restore is an outcome', async (code, answer) => {
    await write({ restore: `echo words >&2; [ ${code} = 0 ] || echo "todo: look at it" >&2; exit ${code}` });
    expect(await call('restore')).toMatchObject({ answer });
  });

  test.each([1, 2, 15, 77, 127])('%d of a check means nothing, and is a fault in the kit', async (code) => {
    await write({ quickCheck: `echo words >&2; exit ${code}` });
    const { answer, fault } = await call('quickCheck');
    expect(answer).toBeUndefined();
    expect(fault).toMatch(
      new RegExp(`quickCheck ended with ${code}, which means nothing here.*it said: words`),
    );
  });

  test('of a preflight comes with a rank and warnings', async () => {
    await write({ preflight: 'echo "rank: 40" >&2; echo "warning: slow" >&2; echo there >&2' });
    const answer = { ready: true, evidence: 'there', rank: 40, warnings: ['slow'], todo: '' };
    expect(await call('preflight')).toMatchObject({ answer });
    await write({ preflight: 'echo "todo: get it" >&2; echo "no program" >&2; exit 15' });
    expect(await call('preflight')).toMatchObject({
      answer: { ready: false, evidence: 'no program', todo: 'get it' },
    });
  });

  test('with nothing said is evidence enough, and a condition stands beside a finding', async () => {
    await write({ quickCheck: 'echo "condition: disk-full 92 % full" >&2; exit 12' });
    expect(await call('quickCheck')).toMatchObject({
      answer: {
        finding: 'degraded',
        evidence: 'quickCheck ended with 12 and said nothing',
        conditions: [{ code: 'disk-full', says: '92 % full' }],
      },
    });
  });
});

describe('an executable', () => {
  test('gets -t TAG -i ID, its settings and little else', async () => {
    await write({ restore: 'echo "$* $(env -0 | sort -z | grep -zv ^_= | tr "\\n\\0" ";|") $(pwd)" >&2' });
    const { answer } = await call('restore');
    expect((answer as { evidence: string }).evidence).toBe(
      `-t mine -i /srv/a:5000 HOLDFAST_ACTION=restore|HOLDFAST_BUDGET_MS=1800|HOLDFAST_DATA_DIRECTORY=/srv/a|HOLDFAST_EPOCH=0|` +
        `HOLDFAST_ID=/srv/a:5000|HOLDFAST_KIT=${folder}|HOLDFAST_LIB=${join(import.meta.dirname, '../src/script/holdfast.sh')}|` +
        `HOLDFAST_NAMES=a b;c|HOLDFAST_NODE=here|HOLDFAST_PORT=5000|HOLDFAST_TAG=mine|HOLDFAST_WAIT_FOR=5|LANG=C|LC_ALL=C|` +
        `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin|PWD=/| /`,
    );
  });

  test('that hangs is ended within its budget: a check is a timeout, a step has failed', async () => {
    await write({ quickCheck: 'exec sleep 60', remove: "trap '' TERM; while :; do sleep 0.05; done" });
    const check = await call('quickCheck', 300);
    expect(check.answer).toEqual({
      finding: 'timeout',
      evidence: expect.stringContaining('within 270 ms'),
      conditions: [],
    });
    const remove = await call('remove', 300);
    expect(remove.answer).toMatchObject({ result: 'failed', evidence: expect.stringContaining('ignored') });
    expect(remove.fault).toBeUndefined();
  });

  test('that cannot be started says nothing about the resource', async () => {
    await write({});
    await writeFile(join(folder, 'quickCheck'), '#!/no/such/shell\n');
    expect(await call('quickCheck')).toMatchObject({ answer: { finding: 'unknown' } });
  });

  test('that tells a secret is silenced, and it is said in the log', async () => {
    const secret = join(folder, 'secret');
    await writeFile(secret, 'correct horse\n', { mode: 0o600 });
    await write({
      restore: 'echo "password $(cat $HOLDFAST_PASSWORD_FILE)"; cat $HOLDFAST_PASSWORD_FILE >&2; exit 11',
    });
    const lines: string[] = [];
    const { answer } = await call('restore', 2_000, { ...settings, passwordFile: secret }, lines);
    expect(JSON.stringify([answer, lines])).not.toContain('correct horse');
    expect(answer).toMatchObject({ evidence: '[secret of passwordFile]' });
    expect(lines).toEqual(['restore told the secret of passwordFile', 'password [secret of passwordFile]']);
    await chmod(secret, 0o604);
    expect(await call('restore', 2_000, { ...settings, passwordFile: secret })).toMatchObject({
      answer: { result: 'failed', evidence: `passwordFile: everybody can read ${secret}` },
    });
  });

  test('called watch is listened to, and abort is handed on as a program with all that it needs', async () => {
    await write({ watch: 'exit 0', abort: 'exit 0' });
    const kit = await open();
    const [process, command] = kit.watch!(kit.settings.parse(settings));
    expect(process).toEqual({ kind: 'process', pidFile: '/srv/a/pid' });
    expect(command).toMatchObject({
      kind: 'command',
      argv: expect.arrayContaining([`${folder}/watch`, '-i']),
    });
    const { answer } = await call('abort');
    const [{ argv, budgetMs }] = answer as unknown as [{ argv: string[]; budgetMs: number }];
    expect(argv.slice(-5)).toEqual([`${folder}/abort`, '-t', 'mine', '-i', '/srv/a:5000']);
    expect([argv[0], budgetMs]).toEqual(['env', 1_000]);
    expect(argv).toContain('HOLDFAST_DATA_DIRECTORY=/srv/a');
  });
});

test('settings are refused with the setting, what is allowed, and an example', async () => {
  await write({});
  const wrong = { dataDirectory: 'srv', port: '5000', names: ['a\nb'], isLoud: 'yes', waitFor: 99, prot: 1 };
  const issues = (await open()).settings.safeParse(wrong).error?.issues ?? [];
  expect(issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
    'dataDirectory: an absolute path without . and .., and without a slash at its end, such as "/srv/data"',
    'port: a port from 1 to 65535, such as 5000',
    'names.0: a list of up to 100, each a text of one line, such as ["text"]',
    'isLoud: true or false, such as true',
    'waitFor: a whole number of seconds from 1 to 60, such as 5',
    ': Unrecognized key: "prot"',
  ]);
});

describe('a folder is refused, with everything that is wrong at once,', () => {
  test('when executables are missing, misspelt, or cannot be executed', async () => {
    await write({});
    await rm(join(folder, 'remove'));
    await rename(join(folder, 'quickCheck'), join(folder, 'quickcheck'));
    await chmod(join(folder, 'restore'), 0o644);
    expect(await whyNot()).toEqual([
      'its restore cannot be executed',
      'it has no remove',
      'it has quickcheck, which is no action',
    ]);
  });

  test.each([
    [{ contract: 2 }, 'it names version 2; this Holdfast has version 1'],
    [{ type: 'A Thing' }, 'kit.yaml: type: a name of small letters, digits and hyphens, such as redis'],
    [{ identity: '{nothing}' }, 'kit.yaml: identity: there is no setting nothing'],
    [
      { identity: '{names}' },
      'kit.yaml: identity: the setting names may be left out, and then it is not known',
    ],
    [
      { identity: 'always' },
      'kit.yaml: identity: it names no setting in braces, so two resources would be one and the same thing',
    ],
    [
      { settings: { tag: { type: 'port', description: 'x', effect: 'at once' } }, identity: '{tag}' },
      "kit.yaml: settings.tag: HOLDFAST_TAG is Holdfast's own; choose another name",
    ],
    [
      {
        settings: { a: { type: 'port', description: 'x', effect: 'at once', default: 0 } },
        identity: '{a}',
        watch: [],
      },
      'kit.yaml: settings.a.default: it is not a port from 1 to 65535',
    ],
    [
      {
        settings: { key: { type: 'secretFile', description: 'x', effect: 'at once' } },
        identity: '{key}',
        watch: [],
      },
      'kit.yaml: settings.key: the value is the path of a file, so its name ends with File, such as passwordFile',
    ],
    [
      { timeouts: { restore: '2s', remove: '2', quickCheck: '1s' } },
      'kit.yaml: timeouts.remove: "2" is not a span of time; write 500ms, 10s, 5m or 1h',
    ],
  ])('when kit.yaml says %j', async (changed, why) => {
    await write({}, { ...file, ...changed });
    expect(await whyNot()).toContain(why);
  });

  test('when others could change what would run, also through a link or a folder above', async () => {
    await write({});
    await chmod(join(folder, 'remove'), 0o777);
    await mkdir(join(folder, 'open'), { mode: 0o755 });
    await chown(join(folder, 'kit.yaml'), 65_534, 0);
    expect(await whyNot()).toEqual([
      `${folder}/kit.yaml belongs to the account 65534, which can change it`,
      `${folder}/remove can be written by everybody (777)`,
    ]);
    await chown(join(folder, 'kit.yaml'), 0, 0);
    await rename(join(folder, 'remove'), join(folder, 'open/remove'));
    await chmod(join(folder, 'open/remove'), 0o755);
    await symlink('open/remove', join(folder, 'remove'));
    expect(await whyNot()).toEqual([]);
    await chmod(join(folder, 'open'), 0o777);
    expect(await whyNot()).toEqual([`${folder}/open can be written by everybody (777)`]);
  });
});

/** A kit whose executables do nothing but what is given. */
async function write(bodies: Readonly<Record<string, string>>, kitFile: object = file): Promise<void> {
  await writeFile(join(folder, 'kit.yaml'), stringify(kitFile));
  const all = { restore: 'exit 0', remove: 'exit 0', quickCheck: 'exit 10', ...bodies };
  for (const [name, body] of Object.entries(all))
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

async function open() {
  const loaded = await loadKit(folder);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusals));
  return loaded.kit;
}

async function whyNot(): Promise<readonly string[]> {
  const loaded = await loadKit(folder);
  return loaded.ok ? [] : loaded.refusals.map(({ why }) => why);
}

async function call(
  action: CallableAction,
  budgetMs = 2_000,
  given: object = settings,
  lines: string[] = [],
) {
  const kit = await open();
  const hear = (_fields: object, says: string) => void lines.push(says);
  return callAction({
    kit,
    action,
    settings: kit.settings.parse(given),
    tag: 'mine',
    node: 'here',
    budgetMs,
    log: { debug: hear, info: hear, warn: hear },
  });
}
