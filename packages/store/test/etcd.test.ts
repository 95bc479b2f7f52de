import { join } from 'node:path';
import { type Lab, type LabEtcd, openLab, startEtcd } from '@holdfast/lab';
import { storeConformance } from '@holdfast/store/conformance';
import { openEtcdStore } from '@holdfast/store/etcd';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

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
  storeConformance(told, { open: async () => openEtcdStore({ endpoints: etcd.endpoints }) });
  told('more operations than etcd takes are refused before they are sent');
});
