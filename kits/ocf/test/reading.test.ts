import { readdirSync } from 'node:fs';
import { type RunResult, run } from '@holdfast/kit';
import { describe, expect, test } from '@jest/globals';
import type { AgentAnswer } from '../src/callAgent.ts';
import { checkParameters } from '../src/checkParameters.ts';
import { kit } from '../src/index.ts';
import { findingOf } from '../src/monitor.ts';
import { type Metadata, readMetadata } from '../src/readMetadata.ts';

const folder = '/usr/lib/ocf/resource.d/heartbeat';

function mustRead(text: string): Metadata {
  const read = readMetadata(text);
  if ('wrong' in read) throw new Error(read.wrong);
  return read;
}

test("the metadata of every agent in Debian's package is read, with start, stop and monitor", async () => {
  const agents = readdirSync(folder).filter((name) => !name.startsWith('.'));
  const wrong: string[] = [];
  const tell = async (name: string): Promise<RunResult> =>
    run([`${folder}/${name}`, 'meta-data'], {
      budgetMs: 10_000,
      env: { OCF_ROOT: '/usr/lib/ocf' },
      cwd: '/',
    });
  let next = 0;
  const work = async (): Promise<void> => {
    for (let name = agents[next++]; name !== undefined; name = agents[next++]) {
      const said = await tell(name);
      const read = readMetadata(said.stdout);
      if ('wrong' in read) wrong.push(`${name}: ${said.says} ${read.wrong}`);
      else
        for (const action of ['start', 'stop', 'monitor'])
          if (!read.actions.some((one) => one.name === action)) wrong.push(`${name} has no ${action}`);
    }
  };
  await Promise.all([work(), work(), work()]);
  expect(agents.length).toBeGreaterThan(100);
  expect(wrong).toEqual([]);
}, 60_000);

const frame = (inside: string): string =>
  `<?xml version="1.0"?><resource-agent name="a">${inside}</resource-agent>`;
const oneAction = '<actions><action name="start" timeout="20"/></actions>';

describe('metadata', () => {
  test('gives parameters with type, default and need, and actions with times in milliseconds', () => {
    const read = mustRead(
      frame(`<shortdesc>One &amp; only</shortdesc><parameters>
        <parameter name="ip" required="1"><shortdesc>Address</shortdesc><content type="string"/></parameter>
        <parameter name="count"><content type="integer" default="5"/></parameter></parameters>
        <actions><action name="start" timeout="20"/><action name="stop" timeout="1min"/>
        <action name="monitor" depth="20" timeout="500ms" interval="10s"/></actions>`),
    );
    expect(read).toEqual({
      summary: 'One & only',
      parameters: [
        { name: 'ip', isRequired: true, type: 'string', default: undefined, summary: 'Address' },
        { name: 'count', isRequired: false, type: 'integer', default: '5', summary: '' },
      ],
      actions: [
        { name: 'start', timeoutMs: 20_000, intervalMs: undefined, depth: 0, role: undefined },
        { name: 'stop', timeoutMs: 60_000, intervalMs: undefined, depth: 0, role: undefined },
        { name: 'monitor', timeoutMs: 500, intervalMs: 10_000, depth: 20, role: undefined },
      ],
    });
  });

  test.each([
    [
      'an entity of its own',
      `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>${frame(`${oneAction}<shortdesc>&e;</shortdesc>`)}`,
    ],
    ['no XML', 'usage: agent {start|stop}'],
    ['XML that is cut off', frame(oneAction).slice(0, -20)],
    ['no action', frame('')],
    ['far too much', frame(`${oneAction}${'x'.repeat(300_000)}`)],
    ['elements without end', frame(`${oneAction}${'<a/>'.repeat(30_000)}`)],
  ])('with %s is refused', (_, text) => {
    expect(readMetadata(text)).toEqual({ wrong: expect.any(String) });
  });
});

describe('parameters', () => {
  const metadata = mustRead(
    frame(`<parameters><parameter name="pgdata"><content type="string" default="/srv"/></parameter>
      <parameter name="pgport"><content type="integer" default="5432"/></parameter>
      <parameter name="ip" required="1"><shortdesc>Address</shortdesc><content type="string"/></parameter></parameters>${oneAction}`),
  );

  test('that the agent does not have are refused, and the nearest one is suggested', () => {
    expect(checkParameters(metadata, { pgdatta: '/x', ip: '1' }).wrong).toEqual([
      'the agent has no parameter pgdatta; did you mean pgdata?',
    ]);
    expect(checkParameters(metadata, { entirelyElse: 'x', ip: '1' }).wrong).toEqual([
      'the agent has no parameter entirelyElse; it has pgdata, pgport, ip',
    ]);
  });

  test('that are required and missing are named, with what they are', () => {
    expect(checkParameters(metadata, {}).wrong).toEqual(['the parameter ip is required (Address)']);
  });

  test('are shown with the defaults that hold, and never a secret', () => {
    const checked = checkParameters(metadata, { ip: { file: '/etc/secret' }, pgport: 'many' });
    expect(checked).toEqual({
      wrong: [],
      doubts: ['pgport: "many" is no integer, as the metadata wants it'],
      holds: ['pgdata=/srv (default)', 'pgport=many', 'ip from /etc/secret'],
    });
  });
});

describe('settings', () => {
  test.each([
    [{ agent: '../etc/passwd' }],
    [{ agent: '.hidden' }],
    [{ provider: 'a/b' }],
    [{ parameters: { 'a b': '1' } }],
    [{ parameters: { CRM_meta_timeout: '1' } }],
    [{ parameters: { monitor_password: 'in the open' } }],
    [{ parameters: { a: 'x\0y' } }],
    [{ parameters: { a: ['list'] } }],
    [{ parameters: { a: { file: 'relative' } } }],
    [{ root: '/usr/../tmp' }],
    [{ startSeconds: 0 }],
    [{ watchAddress: '10.0.0.1/24' }],
    [{ param: {} }],
  ])('%j are refused', (wrong) => {
    expect(kit.settings.safeParse({ agent: 'Dummy', ...wrong }).success).toBe(false);
  });

  test('take numbers, true and false as YAML gives them', () => {
    const read = kit.settings.parse({ agent: 'pgsql', parameters: { pgport: 5432, arp_bg: true } });
    expect(read).toMatchObject({ provider: 'heartbeat', parameters: { pgport: '5432', arp_bg: 'true' } });
  });
});

describe('the exit code of monitor', () => {
  test.each([
    [0, 'in-service', 'in-service'],
    [1, 'failed', 'failed'],
    [2, 'unknown', 'unknown'],
    [3, 'unknown', 'unknown'],
    [4, 'unknown', 'failed'],
    [5, 'out-of-service', 'failed'],
    [6, 'unknown', 'unknown'],
    [7, 'out-of-service', 'out-of-service'],
    [8, 'in-service', 'in-service'],
    [9, 'failed', 'failed'],
    [190, 'degraded', 'degraded'],
    [191, 'degraded', 'degraded'],
    [77, 'failed', 'failed'],
  ])('%i is %s where nothing is expected, and %s where it should run', (code, probed, recurring) => {
    const answer: AgentAnswer = { code, ending: 'exited', says: '', stdout: '', tookMs: 1 };
    expect([findingOf(answer, true).finding, findingOf(answer, false).finding]).toEqual([probed, recurring]);
  });
});
