import { fileURLToPath } from 'node:url';
import type { Fault } from '@holdfast/lab';
import { hiddenPlace } from '../../src/hiddenPlace.ts';
import {
  type Bench,
  bringUp,
  expectDone,
  expectFailed,
  expectFinding,
  expectWords,
  mountedAt,
  mountPoint,
} from './bench.ts';

const holdfast = fileURLToPath(new URL('../../../../packages/cli/bin/holdfast', import.meta.url));

/** Who and what can keep it from being unmounted. */
export const holderFaults: readonly Fault<Bench>[] = [
  {
    name: 'busy by processes',
    expected: 'TERM, unmounted, and it says who held it',
    run: async (bench) => {
      await bringUp(bench);
      await bench.hold('holdFolder.sh', mountPoint);
      const begunAt = performance.now();
      const seen = expectDone(await bench.ask('remove'), /held by \d+ \((sh|sleep), by cwd\)/);
      const tookMs = Math.round(performance.now() - begunAt);
      if (tookMs > 3_000) throw new Error(`it took ${tookMs} ms though TERM was enough`);
      return { seen: `${seen}; ${tookMs} ms` };
    },
  },
  {
    name: 'busy by processes that do not hear TERM',
    expected: 'TERM, wait, KILL of those alone, unmounted',
    run: async (bench) => {
      await bringUp(bench);
      await bench.hold('holdFolderDeaf.sh', mountPoint);
      const begunAt = performance.now();
      const seen = expectDone(await bench.ask('remove', {}, 3_000), /held by \d+ \(sh, by cwd\)|by cwd/);
      const tookMs = Math.round(performance.now() - begunAt);
      if (tookMs < 900) throw new Error(`KILL came before its time: after ${tookMs} ms`);
      return { seen: `${seen}; ${tookMs} ms` };
    },
  },
  {
    name: 'busy by what started the agent',
    expected: 'never ended; it says who it is, and fails',
    run: async (bench) => {
      await bringUp(bench);
      const { device, node } = bench;
      const input = JSON.stringify({ device, mountPoint, fsType: 'ext4' });
      const words = ['kit', 'run', 'filesystem', 'remove', '--settings', '-', '--budget', '4000', '--json'];
      const script = 'cd "$1" && shift && "$@"; echo "the shell lives"';
      const ran = await node.run(['sh', '-c', script, 'sh', mountPoint, holdfast, ...words], {
        budgetMs: 20_000,
        input,
      });
      expectWords(ran.stdout, 'the shell lives');
      const seen = expectWords(ran.stdout.split('\n')[0]!, /held by .*\(sh, by cwd\).*which is never ended/);
      return { seen: (JSON.parse(seen) as { evidence: string }).evidence };
    },
  },
  {
    name: 'busy by processes, and the operator forbids to end them',
    expected: 'fails, names them, and they live',
    run: async (bench) => {
      await bringUp(bench);
      await bench.hold('holdFolder.sh', mountPoint);
      const seen = expectFailed(
        await bench.ask('remove', { killHolders: false }, 4_000),
        /still held by \d+ \((sh|sleep), by cwd\), not ended, as killHolders is false/,
      );
      await bench.must('test', '-d', `/proc/${/held by (\d+)/.exec(seen)?.[1]}`);
      return { seen };
    },
  },
  {
    name: 'respawning users',
    expected: 'moved away from them, unmounted, and it says who held it',
    run: async (bench) => {
      await bringUp(bench);
      await bench.hold('respawn.sh', mountPoint);
      const seen = expectDone(await bench.ask('remove', {}, 4_500), /it was held by \d+ \(/);
      expectWords(await mountedAt(bench, bench.device), /^$/);
      await bench.must('test', '!', '-e', '/run/holdfast-leaving');
      return { seen };
    },
  },
  {
    name: 'respawning users, and remove was killed after it had moved the mount away',
    expected: 'the check says failed; the next remove finds it and unmounts it',
    run: async (bench) => {
      await bringUp(bench);
      const hidden = hiddenPlace(mountPoint);
      await bench.must('mkdir', '-p', hidden);
      await bench.must('mount', '--move', mountPoint, hidden);
      await bench.hold('holdFolder.sh', hidden);
      const check = expectFinding(await bench.ask('quickCheck'), 'failed', 'not where it belongs');
      return { seen: `${check}; remove: ${expectDone(await bench.ask('remove'), 'it was held by')}` };
    },
  },
  {
    name: 'busy without pids',
    expected: 'fails soon, and names the loop device; never unmounted lazily',
    run: async (bench) => {
      await bringUp(bench);
      await bench.must('truncate', '-s', '1M', `${mountPoint}/image`);
      const loop = await bench.must('losetup', '--find', '--show', `${mountPoint}/image`);
      bench.later(() => bench.must('losetup', '-d', loop));
      const begunAt = performance.now();
      const seen = expectFailed(await bench.ask('remove', {}, 20_000), `the loop device ${loop} of`);
      const tookMs = Math.round(performance.now() - begunAt);
      if (tookMs > 4_000) throw new Error(`it went on for ${tookMs} ms though nobody could be ended`);
      expectFinding(await bench.ask('quickCheck'), 'in-service');
      return { seen: `${seen}; ${tookMs} ms` };
    },
  },
  {
    name: 'busy without pids: another mount namespace',
    expected: 'unmounted there as well; who lives there and holds nothing is not disturbed',
    run: async (bench) => {
      await bringUp(bench);
      await bench.hold('holdInOwnMounts.sh', mountPoint);
      const pid = await bench.must('pgrep', '-n', '-f', '^sleep 1000');
      const there = (): Promise<string> => bench.must('cat', `/proc/${pid}/mounts`);
      expectWords(await there(), 'a\\040place');
      const seen = expectDone(await bench.ask('remove'));
      // It can be read, so the process is still there.
      if ((await there()).includes('a\\040place')) throw new Error('it is still mounted there');
      await bench.must('mkfs.ext4', '-q', '-F', bench.device);
      return { seen: `${seen}; the device is free` };
    },
  },
  {
    name: 'submount',
    expected: 'deepest first',
    run: async (bench) => {
      await bringUp(bench);
      for (const name of ['below', 'below/deeper']) {
        await bench.must('mkdir', '-p', `${mountPoint}/${name}`);
        await bench.must('mount', '-t', 'tmpfs', 'below', `${mountPoint}/${name}`);
      }
      await bench.hold('holdFolder.sh', `${mountPoint}/below/deeper`);
      const seen = expectDone(
        await bench.ask('remove'),
        /deeper, .*below, \/srv\/a place unmounted; it was held/,
      );
      return { seen };
    },
  },
  {
    name: 'bind elsewhere',
    expected: 'all mounts of the device are unmounted, and the device is free',
    run: async (bench) => {
      await bringUp(bench);
      await bench.must('mkdir', '-p', '/srv/elsewhere', `${mountPoint}/part`);
      await bench.must('mount', '--bind', `${mountPoint}/part`, '/srv/elsewhere');
      await bench.hold('holdFolder.sh', '/srv/elsewhere');
      const seen = expectDone(await bench.ask('remove'), '/srv/elsewhere');
      expectWords(await mountedAt(bench, bench.device), /^$/);
      await bench.must('mkfs.ext4', '-q', '-F', bench.device);
      return { seen };
    },
  },
  {
    name: 'submount and bind, and the operator forbids to unmount them',
    expected: 'fails, names them, and they stay',
    run: async (bench) => {
      await bringUp(bench);
      await bench.must('mkdir', '-p', `${mountPoint}/below`);
      await bench.must('mount', '-t', 'tmpfs', 'below', `${mountPoint}/below`);
      const seen = expectFailed(
        await bench.ask('remove', { unmountOthers: false }),
        'below on /srv/a place/below',
      );
      await bench.must('findmnt', '--mountpoint', `${mountPoint}/below`);
      return { seen };
    },
  },
  {
    name: 'stop timeout',
    expected: 'fails within its budget, names who waits in the kernel; never -l, and it is still mounted',
    run: async (bench) => {
      await bringUp(bench);
      await bench.hold('writeForever.sh', mountPoint);
      await bench.freeze();
      const begunAt = performance.now();
      const outcome = await bench.ask('remove', {}, 3_000);
      const tookMs = Math.round(performance.now() - begunAt);
      const seen = expectFailed(outcome, /by an open file, waits in the kernel\), not ended by KILL/);
      if (tookMs > 4_000) throw new Error(`it answered after ${tookMs} ms, with a budget of 3000 ms`);
      expectWords(await mountedAt(bench, bench.device), 'place');
      return { seen: `${seen}; ${tookMs} ms` };
    },
  },
];
