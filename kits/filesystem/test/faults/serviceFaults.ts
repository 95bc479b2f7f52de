import type { Fault } from '@holdfast/lab';
import {
  type Bench,
  bringUp,
  clientIsServed,
  expectDone,
  expectFailed,
  expectFinding,
  expectWords,
  heal,
  mountedAt,
  mountPoint,
} from './bench.ts';

/** Until not one block is left: what is kept back for delayed writes is given out in the end. */
const fillUp = 'for size in 64k 4k 1k 1k; do dd if=/dev/zero bs=$size 2>/dev/null >>"$1"; sync; done; true';

/** What can happen to it while it is in service. */
export const serviceFaults: readonly Fault<Bench>[] = [
  {
    name: 'unmounted by somebody',
    expected: 'mounted again in place',
    run: async (bench) => {
      await bringUp(bench);
      const begunAt = performance.now();
      await bench.must('umount', mountPoint);
      const { says, healthyMs } = await heal(bench, begunAt);
      return { seen: expectWords(says, 'out-of-service'), healthyMs };
    },
  },
  {
    name: 'ro remount',
    expected: 'failed; not repaired under its users; serves after remove and restore',
    run: async (bench) => {
      await bringUp(bench);
      const begunAt = performance.now();
      await bench.must('mount', '-o', 'remount,ro', mountPoint);
      expectFinding(await bench.ask('quickCheck'), 'failed', 'is read-only');
      const { says, healthyMs } = await heal(bench, begunAt);
      return { seen: expectWords(says, 'it cannot be repaired under those who use it'), healthyMs };
    },
  },
  {
    name: 'I/O hang',
    expected: 'the write probe is given up in time, and costs one process however many checks there are',
    takesLong: true,
    run: async (bench) => {
      await bringUp(bench);
      const thaw = await bench.freeze();
      const begunAt = performance.now();
      const first = expectFinding(
        await bench.ask('deepCheck', {}, 1_500),
        'timeout',
        'was not written within',
      );
      const tookMs = Math.round(performance.now() - begunAt);
      if (tookMs > 2_000) throw new Error(`it answered after ${tookMs} ms, with a budget of 1500 ms`);
      for (let again = 0; again < 3; again += 1) {
        expectFinding(await bench.ask('deepCheck', {}, 1_000), 'timeout');
      }
      const probes = await bench.must('pgrep', '-c', '-x', 'dd');
      if (probes !== '1') throw new Error(`${probes} probes hang`);
      const thawedAt = performance.now();
      await thaw();
      const { healthyMs } = await heal(bench, thawedAt);
      return {
        seen: `${first}; ${tookMs} ms; 1 probe hung; serves again after the disk answered`,
        healthyMs,
      };
    },
  },
  {
    name: 'I/O error',
    expected: 'failed; recover refuses, so that it fails over; it can be unmounted',
    run: async ({ ask, must, later }) => {
      // A disk whose own disk is full: writes of it fail as those of a broken one.
      await must('mkdir', '-p', '/srv/small');
      await must('mount', '-t', 'tmpfs', '-o', 'size=6m', 'small', '/srv/small');
      later(() => must('umount', '/srv/small'));
      await must('truncate', '-s', '24M', '/srv/small/image');
      const device = await must('losetup', '--find', '--show', '/srv/small/image');
      later(() => must('losetup', '-d', device));
      await must('mkfs.ext4', '-q', '-E', 'lazy_itable_init=1,lazy_journal_init=1,nodiscard', device);
      expectDone(await ask('restore', { device }));
      later(() => ask('remove', { device }));
      const fill = 'dd if=/dev/zero of="$1" bs=1M count=16 conv=fsync 2>/dev/null; sync "$1"; true';
      await must('sh', '-c', fill, 'sh', `${mountPoint}/filler`);
      const check = await ask('deepCheck', { device });
      const conditions = (check.conditions ?? []).map(({ says }) => says);
      const seen = [expectFinding(check, 'failed'), ...conditions].join('; ');
      expectFailed(await ask('recover', { device }), 'it cannot be repaired under those who use it');
      return { seen: `${seen}; remove: ${expectDone(await ask('remove', { device }))}` };
    },
  },
  {
    name: 'the kernel gives the file system up',
    expected: 'quickCheck says failed; serves after remove and restore',
    run: async (bench) => {
      await bringUp(bench);
      const begunAt = performance.now();
      await bench.must('xfs_io', '-x', '-c', 'shutdown', mountPoint);
      if (await clientIsServed(bench)) throw new Error('the client is served all the same');
      expectFinding(await bench.ask('quickCheck'), 'failed', 'shows it as shutdown');
      const { says, healthyMs } = await heal(bench, begunAt);
      return { seen: says, healthyMs };
    },
  },
  {
    name: 'full disk',
    expected: 'conditions with hysteresis, degraded when nothing can be written; no failover',
    run: async (bench) => {
      const { ask, must } = bench;
      await bringUp(bench);
      const codes = async (warn: number): Promise<string> => {
        const check = await ask('quickCheck', { fullWarnPercent: warn });
        expectFinding(check, 'in-service');
        return (check.conditions ?? []).map(({ code }) => code).join();
      };
      const used = Number((await must('df', '--output=pcent', mountPoint)).replaceAll(/\D/g, ''));
      if ((await codes(90)) !== '') throw new Error(`a condition at ${used} %`);
      await must('sh', '-c', fillUp, 'sh', `${mountPoint}/filler`);
      expectWords(await codes(90), 'nearly-full');
      const deep = await ask('deepCheck');
      const seen = expectFinding(deep, 'degraded', 'No space left');
      expectWords((deep.conditions ?? []).map(({ code }) => code).join(), /nearly-full,full/);
      await must('rm', `${mountPoint}/filler`);
      if ((await codes(90)) !== '') throw new Error('the condition did not go');
      expectFinding(await ask('deepCheck'), 'in-service');
      return { seen };
    },
  },
  {
    name: 'no inodes',
    expected: 'a condition; no failover',
    run: async (bench) => {
      await bringUp(bench);
      const make = 'cd "$1" && mkdir many && cd many && seq 1 5000 | xargs touch 2>/dev/null; true';
      await bench.must('sh', '-c', make, 'sh', mountPoint);
      const check = await bench.ask('quickCheck');
      expectFinding(check, 'in-service');
      const condition = (check.conditions ?? []).find(({ code }) => code === 'inodes-nearly-full');
      return { seen: expectWords(condition?.says ?? 'no condition', '100 % of its inodes') };
    },
  },
  {
    name: 'the right to act is lost',
    expected: 'dropped within a second by another process, without the agent; bystanders live',
    run: async (bench) => {
      await bringUp(bench);
      const steps = await bench.ask('abort');
      await bench.hold('holdFolderDeaf.sh', mountPoint);
      const begunAt = performance.now();
      for (const { argv, budgetMs } of steps) await bench.node.run(argv, { budgetMs });
      const tookMs = Math.round(performance.now() - begunAt);
      expectWords(await mountedAt(bench, bench.device), /^$/);
      // On a place that is free already they do no harm.
      for (const { argv, budgetMs } of steps) await bench.node.run(argv, { budgetMs });
      if (tookMs > 1_000) throw new Error(`it took ${tookMs} ms`);
      return { seen: `dropped in ${tookMs} ms by ${steps.length} programs` };
    },
  },
];
