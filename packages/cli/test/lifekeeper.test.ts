import { type Lab, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { callInside } from './support/callInside.ts';

/*
 * LifeKeeper's database commands against an agent of one node. They share the agent; each test begins with the same
 * document, and with everything out of service.
 */

let lab: Lab;
let node: LabNode;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  await startAgent(node);
}, 30_000);

afterAll(() => lab?.close());

const address = (last: number) => ({
  type: 'ip',
  settings: { address: `10.77.0.${last}/24`, device: 'eth0' },
});
const usual = {
  nodes: ['alpha', 'beta'],
  resources: {
    mail: { ...address(50), needs: ['disk', 'net'] },
    web: { ...address(51), needs: ['net'] },
    disk: address(52),
    net: address(53),
    lone: address(54),
  },
};

const call = (...line: [string, ...string[]]) => callInside(line, `/proc/${node.pid}/root`);

async function apply(what: object) {
  await node.writeFile('/root/document.json', JSON.stringify(what));
  const path = node.path('/root/document.json');
  expect(await call('holdfast', 'apply', path)).toMatchObject({ exitCode: 0 });
}

beforeEach(() => apply(usual));

/** What a command that must go well prints, without the end of the last line. */
async function said(...line: [string, ...string[]]): Promise<string> {
  const { stdout, stderr, exitCode } = await call(...line);
  expect({ line, stderr, exitCode }).toEqual({ line, stderr: '', exitCode: 0 });
  return stdout.trimEnd();
}

async function codeOf(...line: [string, ...string[]]): Promise<number | undefined> {
  return (await call(...line)).exitCode;
}

type Document = {
  nodes: unknown[];
  resources: Record<string, { type: string; needs?: string[]; settings?: object; policy?: object }>;
  hierarchies?: Record<string, object>;
};

async function document(): Promise<Document> {
  return JSON.parse((await call('holdfast', 'export', '--json')).stdout).document;
}

const record = z.strictObject({
  schema: z.literal('holdfast.records/1'),
  command: z.string(),
  records: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
});
const result = z.looseObject({
  schema: z.literal('holdfast.result/1'),
  exitCode: z.int().min(0).max(9),
  result: z.enum(['done', 'nothing-to-do', 'planned', 'refused', 'no-answer']),
  problems: z.array(
    z.strictObject({
      code: z.string(),
      path: z.string(),
      what: z.string(),
      why: z.string(),
      todo: z.string(),
    }),
  ),
});

describe('ins_list', () => {
  test('lists a resource with its fields in the order that scripts count, separated by byte 1', async () => {
    expect((await said('ins_list', '-t', 'mail')).split('\u0001')).toEqual([
      'alpha',
      'comm',
      'ip',
      'mail',
      'IP-10.77.0.50',
      'alpha eth0 10.77.0.50 ffffff00 none',
      'OSU',
      expect.any(String),
      'AUTORES_ISP',
      'INTELLIGENT',
      '1',
    ]);
  });

  test.each([
    [['-R', 'mail'], 'mail,disk,net'],
    [['-R', 'disk\u0001web'], 'web,disk,net'],
    [['-a', 'comm', '-r', 'ip', '-i', 'IP-10.77.0.54'], 'lone'],
    [['-i', '10.77.0.54'], 'lone'],
  ])('%j narrows it down', async (words, tags) => {
    const { records } = record.parse(JSON.parse(await said('ins_list', '--json', ...words)));
    expect(records.map(({ tag }) => tag).join(',')).toBe(tags);
  });

  test('ends with 7 when nothing matches, and separates by the character that is joined to -f', async () => {
    expect(await call('ins_list', '-t', 'mial')).toMatchObject({ exitCode: 7, stdout: '', stderr: '' });
    expect((await said('ins_list', '-fx', '-tmail')).split('x')[3]).toBe('mail');
    expect(await codeOf('ins_list', '-f', 'xy')).toBe(2);
  });
});

describe('instances', () => {
  test('are made from an ID and an info, LifeKeeper’s own or settings by name', async () => {
    await said(
      'ins_create',
      '-a',
      'comm',
      '-r',
      'ip',
      '-t',
      'new',
      '-i',
      'IP-10.77.0.60',
      '-v',
      'alpha eth0 10.77.0.60 ffffff00 none',
      '-s',
      'AUTOMATIC',
      '-I',
      'AUTORES_ISP',
    );
    await said(
      'ins_create',
      '-a',
      'gen',
      '-r',
      'filesys',
      '-t',
      'srv',
      '-i',
      '/srv',
      '-v',
      'device=/dev/loop99 fsType=ext4',
    );
    const { resources, hierarchies } = await document();
    expect(resources.new).toEqual({ type: 'ip', settings: { address: '10.77.0.60/24', device: 'eth0' } });
    expect(resources.srv).toEqual({
      type: 'filesystem',
      settings: { mountPoint: '/srv', device: '/dev/loop99', fsType: 'ext4' },
    });
    expect(hierarchies).toEqual({ new: { switchback: 'AUTOMATIC' } });
    expect(await said('ins_gettag', '-i', 'IP-10.77.0.60')).toBe('new');
    expect((await said('ins_list', '-f:', '-t', 'srv')).split(':')[5]).toBe(
      'mountPoint=/srv device=/dev/loop99 fsType=ext4',
    );
  });

  test('that would be wrong are refused with their code', async () => {
    const create = (...words: string[]) => codeOf('ins_create', '-a', 'comm', '-r', 'ip', ...words);
    const info = 'device=eth0 address=10.77.0.60/24';
    expect(await create('-t', 'mail', '-i', 'IP-10.77.0.60', '-v', info)).toBe(4);
    expect(await create('-t', 'twin', '-i', 'IP-10.77.0.54', '-v', 'device=eth0 address=10.77.0.54/24')).toBe(
      4,
    );
    expect(await create('-t', 'other', '-i', 'IP-10.77.0.61', '-v', info)).toBe(5);
    expect(await create('-t', 'bare', '-i', 'IP-10.77.0.60')).toBe(5);
    expect(await create('-t', 'a b', '-i', 'IP-10.77.0.60', '-v', info)).toBe(5);
    expect(await create('-t', 'osu', '-i', 'IP-10.77.0.60', '-v', info, '-I', 'INIT_OSU')).toBe(5);
    expect(await create('-t', 'nothing')).toBe(2);
    expect(await codeOf('ins_create', '-a', 'comm', '-r', 'fly', '-t', 'x', '-i', 'y')).toBe(7);
    expect(await codeOf('ins_create', '-a', 'gen', '-r', 'fly', '-t', 'x', '-i', 'y')).toBe(7);
    expect(Object.keys((await document()).resources)).toEqual(Object.keys(usual.resources));
  });

  test('`ins_remove -t child` also removes its parents, parents first; `ins_remove -R root` keeps a child shared with another root; unknown tag → exit 7; duplicate create → exit 4; bad syntax → exit 2', async () => {
    expect((await said('ins_remove', '-v', '-t', 'disk')).split('\n')).toEqual(['mail', 'disk']);
    expect(Object.keys((await document()).resources)).toEqual(['web', 'net', 'lone']);
    await apply(usual);
    expect((await said('ins_remove', '-v', '-R', 'mail')).split('\n')).toEqual(['mail', 'disk']);
    expect(Object.keys((await document()).resources)).toEqual(['web', 'net', 'lone']);
    expect(await codeOf('ins_remove', '-t', 'mial')).toBe(7);
    const again = ['-a', 'comm', '-r', 'ip', '-t', 'lone', '-i', 'IP-10.77.0.54', '-v', 'device=eth0'];
    expect(await codeOf('ins_create', ...again)).toBe(4);
    expect(await codeOf('ins_remove')).toBe(2);
    expect(await codeOf('ins_remove', '-Z')).toBe(2);
  });

  test('in service are not removed, and a dry run removes nothing', async () => {
    expect(await said('ins_remove', '-t', 'lone', '--dry-run')).toContain('- resources.lone');
    await said('perform_action', '-t', 'lone', '-a', 'restore');
    const refused = await call('ins_remove', '-t', 'lone');
    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.stderr).toContain('RESOURCE_IN_SERVICE');
    await said('perform_action', '-t', 'lone', '-a', 'remove');
  });

  test('get new settings, and their hierarchy a switchback; initialize is what it is', async () => {
    await said('ins_setinfo', '-t', 'lone', '-v', 'alpha lo 10.77.0.54 255.255.0.0 none');
    expect((await document()).resources.lone?.settings).toEqual({ address: '10.77.0.54/16', device: 'lo' });
    expect(await codeOf('ins_setinfo', '-t', 'lone', '-v', 'alpha lo')).toBe(5);
    await said('ins_setas', '-t', 'net', '-s', 'AUTOMATIC');
    expect((await document()).hierarchies).toEqual({ net: { switchback: 'AUTOMATIC' } });
    expect(await said('ins_setas', '-t', 'mail', '-s', 'AUTOMATIC')).toContain('nothing to do');
    expect(await said('ins_setinit', '-t', 'lone', '-I', 'AUTORES_ISP')).toContain('nothing to do');
    expect(await codeOf('ins_setinit', '-t', 'lone', '-I', 'INIT_OSU')).toBe(5);
  });

  test('ins_setstate pauses and resumes protection, and writes nothing that is not so', async () => {
    await said('perform_action', '-t', 'web', '-a', 'restore');
    expect(await said('ins_setstate', '-t', 'net', '-S', 'OSU', '-R', 'new switch', '-A')).toBe(
      'paused: net\npaused: web',
    );
    const states = async () => {
      const { resources } = JSON.parse(await said('lcdstatus', '--json'));
      return (resources as { tag: string; state: string }[])
        .filter(({ tag }) => ['net', 'web', 'lone'].includes(tag))
        .map(({ tag, state }) => `${tag} ${state}`);
    };
    expect(await states()).toEqual(['web ISU', 'net ISU', 'lone OSU']);
    expect(await said('ins_setstate', '-t', 'net', '-S', 'ISU')).toContain('nothing to do');
    expect(await said('ins_setstate', '-t', 'net', '-S', 'ISP', '-A')).toBe('resumed: net\nresumed: web');
    expect(await codeOf('ins_setstate', '-t', 'lone', '-S', 'ISP')).toBe(5);
    expect(await codeOf('ins_setstate', '-t', 'lone', '-S', 'OSF')).toBe(2);
    expect(await codeOf('ins_setstate', '-t', 'mial', '-S', 'ISP')).toBe(7);
    await said('perform_action', '-t', 'net', '-a', 'remove');
  });
});

describe('dependencies', () => {
  test('are listed, made and taken away', async () => {
    expect((await said('dep_list', '-f:', '-c', 'mail')).split('\n')).toEqual(['mail:disk', 'mail:net']);
    expect((await said('dep_list', '-f:', '-P', 'net')).split('\n')).toEqual(['mail:net', 'web:net']);
    await said('dep_create', '-p', 'disk', '-c', 'lone');
    expect((await said('dep_list', '-f:', '-C', 'mail')).split('\n')).toEqual([
      'mail:disk',
      'mail:net',
      'disk:lone',
    ]);
    await said('dep_remove', '-p', 'disk', '-c', 'lone');
    expect(await codeOf('dep_remove', '-p', 'disk', '-c', 'lone')).toBe(7);
    expect(await codeOf('dep_create', '-p', 'mail', '-c', 'net')).toBe(4);
    expect(await codeOf('dep_create', '-p', 'net', '-c', 'mail')).toBe(5);
    expect(await codeOf('dep_create', '-p', 'mail', '-c', 'nte')).toBe(7);
    expect(await codeOf('dep_list', '-c', 'mail', '-p', 'net')).toBe(2);
  });

  test('that split or join hierarchies lose nothing of what was said of them', async () => {
    await said('ins_setas', '-t', 'web', '-s', 'AUTOMATIC');
    await said('dep_remove', '-p', 'mail', '-c', 'net');
    expect((await document()).hierarchies).toEqual({
      web: { switchback: 'AUTOMATIC' },
      disk: { switchback: 'AUTOMATIC' },
    });
    await said('dep_create', '-p', 'mail', '-c', 'net');
    expect(Object.values((await document()).hierarchies ?? {})).toEqual([{ switchback: 'AUTOMATIC' }]);
    await said('ins_remove', '-t', 'web');
    expect(Object.values((await document()).hierarchies ?? {})).toEqual([{ switchback: 'AUTOMATIC' }]);
  });
});

describe('systems and equivalencies', () => {
  test('are listed, made and taken away', async () => {
    expect((await said('sys_list')).split('\n')).toEqual(['alpha', 'beta']);
    expect(await said('sys_getst', '-s', 'beta')).toBe('UNKNOWN');
    await said('sys_create', '-s', 'gamma');
    expect(await codeOf('sys_create', '-s', 'gamma')).toBe(4);
    expect((await said('eqv_list', '-f:', '-t', 'lone')).split('\n')).toEqual([
      'alpha:lone:beta:lone:SHARED:1:2',
      'alpha:lone:gamma:lone:SHARED:1:3',
    ]);
    await said(
      'eqv_create',
      '-s',
      'alpha',
      '-t',
      'lone',
      '-p',
      '5',
      '-S',
      'beta',
      '-o',
      'lone',
      '-r',
      '50',
      '-e',
      'SHARED',
    );
    await said('eqv_remove', '-t', 'lone', '-S', 'gamma', '-o', 'lone', '-e', 'SHARED');
    expect((await document()).hierarchies).toEqual({ lone: { nodes: { alpha: 5, beta: 50 } } });
    await said('sys_remove', '-s', 'beta');
    expect((await document()).hierarchies).toEqual({ lone: { nodes: { alpha: 5 } } });
    expect(await codeOf('sys_remove', '-s', 'delta')).toBe(7);
    expect(await codeOf('sys_getst', '-s', 'delta')).toBe(7);
  });

  test('duplicate priority in `eqv_create` → refused', async () => {
    const create = (p: string, r: string, ...more: string[]) =>
      call('eqv_create', '-t', 'lone', '-p', p, '-S', 'beta', '-o', 'lone', '-r', r, '-e', 'SHARED', ...more);
    const refused = await create('3', '3');
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain('EQUAL_PRIORITIES');
    expect((await document()).hierarchies).toBeUndefined();
    expect((await create('0', '3')).exitCode).toBe(6);
    expect((await create('1', '1025')).exitCode).toBe(6);
    expect((await create('one', '3')).exitCode).toBe(2);
    expect((await create('1', '2')).stdout).toContain('nothing to do');
    expect(await codeOf('eqv_create', '-t', 'lone', '-S', 'beta', '-o', 'other', '-e', 'SHARED')).toBe(5);
    expect(await codeOf('eqv_create', '-t', 'lone', '-S', 'delta', '-o', 'lone', '-e', 'SHARED')).toBe(7);
  });

  test('-d is this node by its own name; one without addresses cannot be asked, and one that is not there is missing', async () => {
    expect(await codeOf('ins_list', '-d', 'alpha', '-t', 'mail')).toBe(0);
    const beta = await call('ins_list', '-d', 'beta', '-t', 'mail');
    expect(beta).toMatchObject({ exitCode: 9, stdout: '' });
    expect(beta.stderr.replace(/\s+/g, ' ')).toContain('agent.yaml of this node names no other nodes');
    expect(await codeOf('ins_list', '-d', 'delta')).toBe(7);
    expect(await codeOf('lcdstatus', '-q', '-d', 'alpha')).toBe(0);
    const other = await call('lcdstatus', '-q', '-d', 'beta');
    expect(other.exitCode).toBe(1);
    expect(other.stderr.replace(/\s+/g, ' ')).toContain('agent.yaml of this node names no other nodes');
  });
});

test('types and applications are those of the loaded kits; there are no paths', async () => {
  expect((await said('app_list')).split('\n')).toEqual(['comm', 'database', 'gen', 'mail']);
  expect((await said('typ_list', '-f:')).split('\n').sort()).toEqual(
    expect.arrayContaining(['comm:ip', 'database:pgsql', 'gen:filesys', 'mail:postfix']),
  );
  expect(await said('typ_list', '-f:', '-a', 'mail')).toBe('mail:postfix');
  expect(await said('net_list')).toBe('');
});

describe('flags', () => {
  test('are made, tested, listed, shown and removed', async () => {
    await said('flg_create', '-f', 'shutdown_switchover');
    expect(await codeOf('flg_create', '-f', 'shutdown_switchover')).toBe(4);
    expect(await codeOf('flg_test', '-f', 'shutdown_switchover')).toBe(0);
    expect(await said('flg_list')).toBe('shutdown_switchover');
    expect(await said('lcdstatus')).toContain('The following flags are on:\n        shutdown_switchover\n');
    await said('flg_remove', '-f', 'shutdown_switchover');
    expect(await codeOf('flg_test', '-f', 'shutdown_switchover')).toBe(7);
    expect(await codeOf('flg_remove', '-f', 'shutdown_switchover')).toBe(7);
    expect(await codeOf('flg_create', '-f', 'a b')).toBe(5);
  });
});

describe('lkpolicy', () => {
  test('writes LifeKeeper’s policies in our words, for all or for one resource', async () => {
    await apply({ nodes: ['alpha', 'beta'], resources: { lone: address(54) } });
    await said('lkpolicy', '--set-policy', 'LocalRecovery', '--off', 'tag=lone');
    await said('lkpolicy', '--set-policy', 'TemporalRecovery', '--on', 'recoverylimit=4', 'period=20');
    expect((await said('lkpolicy', '--get-policies')).split('\n')).toEqual([
      '* TemporalRecovery on recoverylimit=4 period=20m',
      'lone LocalRecovery off',
    ]);
    const { resources, ...rest } = await document();
    expect(resources.lone?.policy).toEqual({ localRecovery: { enabled: false } });
    expect(rest).toMatchObject({ policy: { localRecovery: { attempts: 3, within: '20m' } } });
    await said('lkpolicy', '--remove-policy', 'LocalRecovery', 'tag=lone');
    expect((await document()).resources.lone?.policy).toBeUndefined();
    expect(await codeOf('lkpolicy', '--set-policy', 'Fly', '--on')).toBe(2);
    expect(await codeOf('lkpolicy', '--get-policies', 'tag=mial')).toBe(7);
  });
});

test('of two commands that change the document at the same moment, none undoes the other', async () => {
  const tags = [61, 62, 63, 64].map((last) => `t${last}`);
  const codes = await Promise.all(
    tags.map((tag) =>
      codeOf(
        'ins_create',
        '-a',
        'comm',
        '-r',
        'ip',
        '-t',
        tag,
        '-i',
        `IP-10.77.0.${tag.slice(1)}`,
        '-v',
        `device=eth0 address=10.77.0.${tag.slice(1)}/24`,
      ),
    ),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(Object.keys((await document()).resources)).toEqual(expect.arrayContaining(tags));
});

test.each([
  ['app_list', []],
  ['dep_list', []],
  ['eqv_list', []],
  ['flg_list', []],
  ['ins_gettag', ['-i', '10.77.0.54']],
  ['ins_list', []],
  ['lkpolicy', ['--list-policies']],
  ['net_list', []],
  ['sys_getst', ['-s', 'beta']],
  ['sys_list', []],
  ['typ_list', []],
] as const)('%s --json %j is records by the published schema', async (name, words) => {
  const told = JSON.parse(await said(name, '--json', ...words));
  expect(record.parse(told).command).toBe(name);
});

test.each([
  ['dep_create', ['-p', 'lone', '-c', 'net'], 0],
  ['dep_create', ['-p', 'mail', '-c', 'net'], 4],
  ['dep_remove', ['-p', 'mail'], 0],
  ['eqv_create', ['-t', 'lone', '-S', 'beta', '-o', 'lone', '-r', '20', '-e', 'SHARED'], 0],
  ['eqv_remove', ['-t', 'lone', '-S', 'beta', '-o', 'lone', '-e', 'SHARED'], 0],
  ['flg_create', ['-f', '!volatile!x'], 0],
  ['flg_test', ['-f', '!volatile!x'], 0],
  ['flg_remove', ['-f', '!volatile!x'], 0],
  ['flg_test', ['-f', '!volatile!x'], 7],
  ['ins_create', ['-a', 'comm', '-r', 'ip', '-t', 'lone', '-i', 'x'], 4],
  ['ins_gettag', ['-i', 'x'], 7],
  ['ins_remove', ['-t', 'lone'], 0],
  ['ins_setas', ['-t', 'lone', '-s', 'AUTOMATIC'], 0],
  ['ins_setinfo', ['-t', 'lone', '-v', 'device=lo address=10.77.0.54/24'], 0],
  ['ins_setinit', ['-t', 'lone', '-I', 'AUTORES_ISP'], 0],
  ['ins_setstate', ['-t', 'lone', '-S', 'OSU'], 0],
  ['lkpolicy', ['--set-policy', 'NotificationOnly', '--on', 'tag=lone'], 0],
  ['sendevent', ['-C', 'app', '-E', 'down', '-n', 'lone'], 0],
  ['sys_create', ['-s', 'gamma'], 0],
  ['sys_remove', ['-s', 'beta'], 0],
] as const)(
  '%s %j --json is a result by the published schema, exit code %d',
  async (name, words, exitCode) => {
    const ended = await call(name, ...words, '--json');
    expect({ exitCode: ended.exitCode, stderr: ended.stderr }).toEqual({ exitCode, stderr: '' });
    expect(result.parse(JSON.parse(ended.stdout)).exitCode).toBe(exitCode);
  },
);
