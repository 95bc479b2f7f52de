import type { Fault } from '@holdfast/lab';
import {
  type Bench,
  bringUp,
  clientIsServed,
  expectDone,
  expectFailed,
  expectFinding,
  expectWords,
  mountedAt,
  mountPoint,
} from './bench.ts';

/** What can be wrong with the disk when it is to be mounted. */
export const deviceFaults: readonly Fault<Bench>[] = [
  {
    name: 'device missing',
    expected: 'waits, then a hard error; out of service when it is removed',
    run: async ({ ask }) => {
      const missing = { device: '/dev/holdfast-none', deviceWaitMs: 300 };
      const seen = expectFailed(await ask('restore', missing), 'ENOENT, also after 300 ms');
      expectFinding(await ask('quickCheck', missing), 'out-of-service');
      expectDone(await ask('remove', missing));
      const readiness = await ask('preflight', missing);
      if (readiness.ready) throw new Error('preflight says that it is ready');
      return { seen };
    },
  },
  {
    name: 'device missing for a moment',
    expected: 'waits for it, and mounts it',
    run: async (bench) => {
      const device = 'LABEL=holdfast-fs-late';
      const begunAt = performance.now();
      const restored = bench.ask('restore', { device, deviceWaitMs: 10_000 });
      // Once the kit was seen to look, the device gets the name that is waited for.
      expectFinding(await bench.ask('quickCheck', { device }), 'out-of-service');
      await bench.must('e2label', bench.device, 'holdfast-fs-late');
      const seen = expectDone(await restored);
      if (!(await clientIsServed(bench))) throw new Error('the client is not served');
      return { seen, healthyMs: performance.now() - begunAt };
    },
  },
  {
    name: 'wrong device mounted',
    expected: 'error; a stranger is not unmounted',
    run: async ({ ask, must, later, stranger, ...bench }) => {
      await must('mkdir', '-p', mountPoint);
      await must('mount', stranger, mountPoint);
      later(() => must('umount', mountPoint));
      const seen = expectFailed(await ask('restore'), `${stranger} on ${mountPoint} is mounted there`);
      const check = await ask('quickCheck');
      expectFinding(check, 'out-of-service');
      if (check.conditions?.[0]?.code !== 'place-taken') throw new Error('no condition place-taken');
      expectDone(await ask('remove'), 'left alone');
      const where = await mountedAt({ ask, must, later, stranger, ...bench }, stranger);
      return { seen: `${seen}; still there: ${expectWords(where, 'place')}` };
    },
  },
  {
    name: 'wrong type of file system',
    expected: 'error in the words of mount; preflight says what the device holds',
    run: async ({ ask }) => {
      const seen = expectFailed(await ask('restore', { fsType: 'xfs' }), 'wrong fs type, bad option, bad');
      const readiness = await ask('preflight', { fsType: 'xfs' });
      return { seen: `${seen}; preflight: ${expectWords(readiness.evidence, 'holds ext4, not xfs')}` };
    },
  },
  {
    name: 'already mounted by us',
    expected: 'success, and nothing is disturbed',
    run: async (bench) => {
      await bringUp(bench);
      const id = (): Promise<string> => bench.must('findmnt', '-n', '-o', 'ID', '--mountpoint', mountPoint);
      const before = await id();
      const seen = expectDone(await bench.ask('restore'), 'is mounted already');
      if ((await id()) !== before) throw new Error('it was mounted anew');
      return { seen };
    },
  },
  {
    name: 'mounted on other host',
    expected: 'MMP of ext4 refuses it before anything is written; it says so in plain words',
    takesLong: true,
    run: async ({ ask, must, mustOn, client, later }) => {
      // Two devices of one file are two disks for the kernel: as on two machines, each has a memory of its own of it.
      await must('truncate', '-s', '16M', '/run/shared.img');
      later(() => must('rm', '/run/shared.img'));
      const attach = async (): Promise<string> => {
        const device = await must('losetup', '--find', '--show', '/run/shared.img');
        later(() => must('losetup', '-d', device));
        return device;
      };
      const [there, here] = [await attach(), await attach()];
      await must('mkfs.ext4', '-q', '-O', 'mmp', there);
      await mustOn(client, 'mount', there, '/mnt');
      later(() => mustOn(client, 'umount', '/mnt'));
      const guarded = await ask('preflight', { device: here });
      expectWords(guarded.evidence, 'MMP guards it');
      return {
        seen: expectFailed(await ask('restore', { device: here }, 90_000), 'another node has it mounted'),
      };
    },
  },
  {
    name: 'mounted on other host, and nothing on the disk guards it',
    expected: 'preflight warns, and says how to turn a guard on',
    run: async ({ ask }) => {
      const { ready, warnings, evidence } = await ask('preflight');
      if (!ready) throw new Error(`not ready: ${evidence}`);
      return { seen: expectWords(warnings.join('; '), 'tune2fs -O mmp') };
    },
  },
  {
    name: 'dirty fs',
    expected: 'the journal is replayed, and what was synced is there',
    run: async (bench) => {
      await bringUp(bench);
      await bench.must('sh', '-c', 'echo kept >"$1" && sync "$1"', 'sh', `${mountPoint}/file`);
      const begunAt = performance.now();
      // A power cut for this one file system: nothing is written out any more.
      await bench.must('xfs_io', '-x', '-c', 'shutdown -f', mountPoint);
      expectDone(await bench.ask('remove'));
      const seen = expectDone(await bench.ask('restore'), 'recovering journal');
      const healthyMs = performance.now() - begunAt;
      expectWords(await bench.must('cat', `${mountPoint}/file`), 'kept');
      return { seen, healthyMs };
    },
  },
  {
    name: 'dirty fs, beyond what may be repaired alone',
    expected: 'e2fsck -p only; 4 and more is for a person',
    run: async ({ ask, must, device }) => {
      await must('debugfs', '-w', '-R', 'clri <2>', device);
      await must('debugfs', '-w', '-R', 'set_super_value state 2', device);
      return { seen: expectFailed(await ask('restore'), /e2fsck: exit 4: .*RUN fsck MANUALLY/) };
    },
  },
];
