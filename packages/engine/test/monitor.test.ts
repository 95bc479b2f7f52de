import type { Tag } from '@holdfast/core';
import { Random, VirtualTime } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import { Monitor } from '../src/index.ts';

const web = 'web' as Tag;
const db = 'db' as Tag;

function monitored(time: VirtualTime, takesMs = 0) {
  const checks: { tag: Tag; at: number }[] = [];
  const log = { checks, most: 0, running: 0 };
  const monitor = new Monitor({
    clock: time.clock(() => false),
    chance: new Random(1),
    check: async (tag) => {
      checks.push({ tag, at: time.now });
      log.running += 1;
      log.most = Math.max(log.most, log.running);
      await time.wait(takesMs);
      log.running -= 1;
    },
  });
  return { monitor, log };
}

describe('the monitor', () => {
  test('checks each watched resource about as often as it is told', async () => {
    const time = new VirtualTime();
    const { monitor, log } = monitored(time);
    monitor.watch(
      new Map([
        [web, 1_000],
        [db, 10_000],
      ]),
    );
    await time.runUntil(100_000);
    const count = (tag: Tag) => log.checks.filter((check) => check.tag === tag).length;
    expect(count(web)).toBeGreaterThan(90);
    expect(count(web)).toBeLessThan(111);
    expect(count(db)).toBeGreaterThan(8);
    expect(count(db)).toBeLessThan(12);
    monitor.close();
  });

  test('does not begin all rounds at the same moment', async () => {
    const time = new VirtualTime();
    const { monitor, log } = monitored(time);
    monitor.watch(new Map(Array.from({ length: 50 }, (_, n) => [`r${n}` as Tag, 1_000])));
    await time.runUntil(1_000);
    expect(new Set(log.checks.map(({ at }) => Math.floor(at / 100))).size).toBeGreaterThan(5);
    monitor.close();
  });

  test('never makes two checks of one resource at a time, however slow and however suspected', async () => {
    const time = new VirtualTime();
    const { monitor, log } = monitored(time, 5_000);
    monitor.watch(new Map([[web, 100]]));
    for (let at = 0; at < 60_000; at += 50) {
      await time.runUntil(at);
      monitor.suspect(web);
    }
    expect(log.most).toBe(1);
    expect(log.checks.length).toBeGreaterThan(8);
    monitor.close();
  });

  test('brings a check forward on a suspicion, and folds many into one', async () => {
    const time = new VirtualTime();
    const { monitor, log } = monitored(time);
    monitor.watch(new Map([[web, 1_000_000]]));
    await time.runUntil(100);
    for (let n = 0; n < 100; n += 1) monitor.suspect(web);
    await time.runUntil(101);
    expect(log.checks).toEqual([{ tag: web, at: 100 }]);
    monitor.close();
  });

  test('a suspicion during a check leads to one more after it', async () => {
    const time = new VirtualTime();
    const { monitor, log } = monitored(time, 500);
    monitor.watch(new Map([[web, 1_000_000]]));
    await time.runUntil(1);
    monitor.suspect(web);
    await time.runUntil(100);
    monitor.suspect(web);
    monitor.suspect(web);
    await time.runUntil(5_000);
    expect(log.checks.map(({ at }) => at)).toEqual([1, 501]);
    monitor.close();
  });

  test('stops at once with what it is no longer to watch, and takes a new interval without a check', async () => {
    const time = new VirtualTime();
    const { monitor, log } = monitored(time);
    monitor.watch(
      new Map([
        [web, 1_000_000],
        [db, 1_000_000],
      ]),
    );
    await time.runUntil(10);
    monitor.watch(new Map([[web, 1_000]]));
    await time.runUntil(11);
    expect(log.checks).toEqual([]);
    await time.runUntil(5_000);
    expect(log.checks.length).toBeGreaterThan(3);
    expect(log.checks.every(({ tag }) => tag === web)).toBe(true);
    monitor.close();
    const before = log.checks.length;
    await time.runUntil(100_000);
    expect(log.checks).toHaveLength(before);
  });
});
