import { join } from 'node:path';
import { type Lab, type LabEtcd, openLab, startEtcd } from '@holdfast/lab';
import { storeConformance } from '@holdfast/store/conformance';
import { openEtcdStore } from '@holdfast/store/etcd';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allThere, whileWriting } from './whileWriting.ts';

let lab: Lab;
let etcd: LabEtcd;
const answers = new Map<string, string | undefined>();

beforeAll(async () => {
  lab = await openLab();
  etcd = await startEtcd(lab, { heartbeatMs: 20, electionMs: 200 });
  const program = join(import.meta.dirname, 'programs/etcdConformance.ts');
  const { stdout, says } = await lab.client.run(
    [process.execPath, program, JSON.stringify({ endpoints: etcd.endpoints })],
    { budgetMs: 25_000 },
  );
  for (const line of stdout.trim().split('\n').filter(Boolean)) {
    const { name, why } = JSON.parse(line) as { name: string; why?: string };
    answers.set(name, why ?? 'holds');
  }
  if (answers.size === 0) throw new Error(says);
});
afterAll(async () => {
  await lab?.close();
});

describe('the store over etcd', () => {
  // The suite has run inside the lab, where etcd is reached; here each rule is told.
  const told = (name: string): void => {
    test(name, () => expect(answers.get(name)).toBe('holds'));
  };
  storeConformance(told, { open: async () => openEtcdStore({ endpoints: [...etcd.endpoints] }) });
  told('more operations than etcd takes are refused before they are sent');
  told('a watch from before a compaction is told so');
  told('a member that has vanished and one that refuses cost less than a second');
  told('without any member it is told within the time that nothing was written');
});

describe('while etcd breaks, nothing acknowledged is lost, nothing is committed twice, the watch is whole', () => {
  test('its leader is stopped, another is elected, and the first goes on', async () => {
    const seen = await whileWriting({ lab, etcd }, async () => {
      const old = await etcd.leader();
      old.stop();
      await etcd.leader({ not: old });
      old.resume();
      await allThere(etcd);
    });
    expect(seen.wrong).toEqual([]);
    expect(seen.longestCallMs).toBeLessThan(2_000);
  });

  test('it does what it is asked for, and its answers are lost', async () => {
    const seen = await whileWriting({ lab, etcd }, async (hears) => {
      await Promise.all(etcd.members.map((member) => member.partition('answers')));
      await hears('unknown');
      await Promise.all(etcd.members.map((member) => member.heal()));
      await allThere(etcd);
    });
    expect(seen.wrong).toEqual([]);
    expect(seen.committedUnknown).toBeGreaterThan(0);
  });
});
