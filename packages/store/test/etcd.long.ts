import { type Lab, type LabEtcd, openLab, startEtcd } from '@holdfast/lab';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allThere, whileWriting } from './whileWriting.ts';

let lab: Lab;
let etcd: LabEtcd;

beforeAll(async () => {
  lab = await openLab();
  etcd = await startEtcd(lab, { heartbeatMs: 20, electionMs: 200 });
});
afterAll(async () => {
  await lab?.close();
});

describe('while etcd breaks, nothing acknowledged is lost, nothing is committed twice, the watch is whole', () => {
  test('its leader is killed', async () => {
    const seen = await whileWriting({ lab, etcd }, async () => {
      const old = await etcd.leader();
      await old.kill();
      await etcd.leader({ not: old });
      await old.start();
      await allThere(etcd);
    });
    expect(seen.wrong).toEqual([]);
  });

  test('its leader is cut off from the other members, and clients still reach it', async () => {
    const seen = await whileWriting({ lab, etcd }, async () => {
      const old = await etcd.leader();
      await old.partition('members');
      await etcd.leader({ not: old });
      await old.heal();
      await allThere(etcd);
    });
    expect(seen.wrong).toEqual([]);
  });

  test('its leader vanishes from the network, five times', async () => {
    const seen = await whileWriting({ lab, etcd }, async () => {
      for (let round = 0; round < 5; round += 1) {
        const old = await etcd.leader();
        await old.partition('everybody');
        await etcd.leader({ not: old });
        await old.heal();
        await allThere(etcd);
      }
    });
    expect(seen.wrong).toEqual([]);
  }, 60_000);

  test('its leader is stopped and goes on, ten times', async () => {
    const seen = await whileWriting({ lab, etcd }, async () => {
      for (let round = 0; round < 10; round += 1) {
        const old = await etcd.leader();
        old.stop();
        await etcd.leader({ not: old });
        old.resume();
        await allThere(etcd);
      }
    });
    expect(seen.wrong).toEqual([]);
  }, 60_000);
});
