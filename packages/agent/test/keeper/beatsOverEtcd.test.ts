import { join } from 'node:path';
import type { BeatTimes } from '@holdfast/core';
import { type Lab, type LabEtcd, openLab, startEtcd } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

type Story = Readonly<{
  lostBefore: readonly { node: string; because: string }[];
  endedAfterMs: number;
  takenAfterMs: number;
  times: BeatTimes;
}>;

let lab: Lab;
let etcd: LabEtcd;

beforeAll(async () => {
  lab = await openLab();
  etcd = await startEtcd(lab, { heartbeatMs: 20, electionMs: 200 });
});
afterAll(async () => {
  await lab?.close();
});

test('nobody loses its right while etcd elects a leader, and a dead keeper is followed after the full wait', async () => {
  const program = join(import.meta.dirname, '../programs/beatsOverEtcd.ts');
  let said = '';
  const { promise: isSteady, resolve } = Promise.withResolvers<void>();
  const started = lab.client.start([process.execPath, program, JSON.stringify(etcd.endpoints)], {
    keepInputOpen: true,
    onOutput: (text) => {
      said += text;
      if (said.includes('steady')) resolve();
    },
  });
  await Promise.race([isSteady, started.ended]);
  const killed = await etcd.leader();
  await killed.kill();
  const stopped = await etcd.leader({ not: killed });
  await killed.start();
  await etcd.leader({ not: killed });
  stopped.stop();
  await etcd.leader({ not: stopped });
  stopped.resume();
  started.closeInput();
  const { stderr } = await started.ended;
  const done = said.split('\n').find((line) => line.includes('"done"'));
  if (done === undefined) throw new Error(`${said}${stderr}`);
  if (process.env.HOLDFAST_TELL === '1') process.stderr.write(said);
  const { lostBefore, endedAfterMs, takenAfterMs, times } = JSON.parse(done) as Story;
  expect(lostBefore).toEqual([]);
  // The last beat was sent up to one renewal before its keeper died, and was seen a moment after that.
  expect(endedAfterMs).toBeGreaterThan(times.endAfter - 2 * times.renewEvery);
  expect(takenAfterMs).toBeGreaterThan(endedAfterMs + times.takeAfter - times.renewEvery);
});
