import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@holdfast/kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lookAtCluster } from '../src/doctor/lookAtCluster.ts';
import { statusOf, writtenAt } from './support/statusOf.ts';

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-doctor-'));
  const { ok, stderr } = await run(
    [
      ...(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'] as const),
      ...['-nodes', '-subj', '/CN=alpha', '-days', '30', '-keyout', file('key'), '-out', file('cert')],
    ],
    { budgetMs: 20_000 },
  );
  if (!ok) throw new Error(stderr);
});
afterAll(() => rm(folder, { recursive: true }));

const day = 86_400_000;

async function look(settings: object, status = statusOf([]), now = Date.now()): Promise<string[]> {
  await writeFile(file('agent.yaml'), JSON.stringify(settings));
  const findings = await lookAtCluster(file('agent.yaml'), status, now);
  return findings.map(({ level, check, says }) => `${level} ${check}: ${says}`);
}

describe('the doctor of a cluster', () => {
  test('says nothing of a node that is alone', async () => {
    expect(await look({})).toEqual([]);
  });

  test('prints the times that follow from the settings', async () => {
    const [times] = await look({ store: { kind: 'etcd', preset: 'balanced' } });
    expect(times).toBe(
      'ok times: preset balanced: L (right) 3s, D (drop) 3s, W (answer) 2s, margin 300ms, a beat every 333ms, ' +
        'a silent peer is ended after 3300ms (endAfter), what it had is taken 5300ms later (takeAfter), ' +
        'watchdog timeout 6s, failover without a fence 8600ms after the last beat',
    );
  });

  test('refuses times that do not fit, and warns of a takeover without a fence', async () => {
    const [refused] = await look({ store: { kind: 'etcd', times: { right: '1s' } } });
    expect(refused).toMatch(/^problem times: A right of 1s is too short/);
    const found = await look({ store: { kind: 'etcd', takeoverWithoutFence: true } });
    expect(found[1]).toMatch(/^warning takeover without fence/);
  });

  test('looks at who may read the key, at the name, and at the days that are left', async () => {
    const api = { tls: { ca: file('cert'), cert: file('cert'), key: file('key') } };
    await chmod(file('key'), 0o644);
    expect(await look({ api })).toEqual([expect.stringContaining('others may read the key')]);
    await chmod(file('key'), 0o600);
    expect(await look({ api })).toEqual([
      expect.stringMatching(/^ok certificate: .* for 29 days more$/),
      expect.stringMatching(/^ok authority/),
    ]);
    expect((await look({ api }, statusOf([]), Date.now() + 20 * day))[0]).toMatch(/^warning certificate/);
    expect((await look({ api }, statusOf([]), Date.now() + 40 * day))[0]).toMatch(
      /^problem certificate: .*over/,
    );
    const beta = statusOf([], { node: 'beta', nodes: [{ name: 'beta', state: 'ALIVE', mode: 'active' }] });
    expect(await look({ api }, beta)).toEqual([expect.stringContaining('is not in the name of beta')]);
  });

  test('tells of ways, clocks, versions and members of etcd that are not well', async () => {
    const told = {
      version: '0.2.0',
      featureLevel: 1,
      phase: 'running' as const,
      generation: 4,
      mayAct: true,
      clockAheadMs: 9_000,
    };
    const status = statusOf([], {
      nodes: [
        { name: 'alpha', state: 'ALIVE', mode: 'active' },
        {
          name: 'beta',
          state: 'ALIVE',
          mode: 'active',
          told,
          paths: [
            { address: '10.0.0.3:7700', state: 'ALIVE' },
            { address: '10.1.0.3:7700', state: 'DEAD', says: 'ECONNREFUSED', lastHeardAt: writtenAt },
          ],
        },
        { name: 'gamma', state: 'UNKNOWN', mode: 'active' },
      ],
      store: {
        kind: 'etcd',
        members: [
          { endpoint: 'https://10.0.0.2:2379', name: 'alpha', state: 'ALIVE', isLeader: true },
          { endpoint: 'https://10.0.0.3:2379', state: 'DEAD', isLeader: false, says: 'no connection' },
        ],
      },
    });
    expect(await look({}, status)).toEqual([
      'ok path beta: beta answers at 10.0.0.3:7700',
      'problem path beta: beta does not answer at 10.1.0.3:7700: ECONNREFUSED',
      'warning clock beta: the clock of beta is 9.0 s ahead',
      'warning version beta: the agent of beta is of version 0.2.0, the one of this node of 0.1.0',
      'warning node gamma: gamma cannot be asked from here: agent.yaml names no addresses of it',
      'ok etcd https://10.0.0.2:2379: etcd member alpha at https://10.0.0.2:2379 answers and leads',
      'problem etcd https://10.0.0.3:2379: etcd member -- at https://10.0.0.3:2379: no connection',
    ]);
  });
});
