import type { Fault } from '@holdfast/lab';
import {
  type Bench,
  bringUp,
  clientIsServed,
  expectDone,
  expectFailed,
  expectFinding,
  expectWords,
  mountPoint,
} from './bench.ts';

/** What can be wrong with the place where it is mounted. */
export const placeFaults: readonly Fault<Bench>[] = [
  {
    name: 'mount point missing',
    expected: 'made, with owner and mode; refused where that is not wanted',
    run: async ({ ask, must }) => {
      const refused = expectFailed(
        await ask('restore', { createMountPoint: false }),
        'there is no /srv/a place',
      );
      expectDone(await ask('restore', { mountPointOwner: 'postgres', mountPointMode: '0750' }));
      expectDone(await ask('remove'));
      const made = await must('stat', '-c', '%U:%G %a', mountPoint);
      return { seen: `${refused}; made: ${expectWords(made, 'postgres:postgres 750')}` };
    },
  },
  {
    name: 'mount point has files',
    expected: 'mounted with a warning; refused where requireEmptyMountPoint is set',
    run: async (bench) => {
      await bench.must('mkdir', '-p', mountPoint);
      await bench.must('touch', `${mountPoint}/forgotten`);
      const strict = { requireEmptyMountPoint: true };
      const refused = expectFailed(await bench.ask('restore', strict), 'requireEmptyMountPoint is true');
      if ((await bench.ask('preflight', strict)).ready) throw new Error('preflight says that it is ready');
      const warned = expectDone(await bench.ask('restore'), 'warning: /srv/a place is not empty');
      return { seen: `${warned}; with requireEmptyMountPoint: ${refused}` };
    },
  },
  {
    name: 'mount point holds another mount below it',
    expected: 'refused, as it would be hidden',
    run: async ({ ask, must, later }) => {
      await must('mkdir', '-p', `${mountPoint}/below`);
      await must('mount', '-t', 'tmpfs', 'below', `${mountPoint}/below`);
      later(() => must('umount', `${mountPoint}/below`));
      return { seen: expectFailed(await ask('restore'), 'would be hidden by it') };
    },
  },
  {
    name: 'trailing slash, spaces, symlink',
    expected: 'one place, however it is written',
    run: async (bench) => {
      const { ask, must, later } = bench;
      await must('ln', '-s', mountPoint, '/srv/link');
      later(() => must('rm', '/srv/link'));
      const written = { mountPoint: '/srv/link/' };
      await must('mkdir', '-p', mountPoint);
      expectDone(await ask('restore', written));
      if (!(await clientIsServed(bench))) throw new Error('it is not mounted where the link leads');
      const seen = expectFinding(await ask('quickCheck', written), 'in-service', 'on /srv/a place');
      expectFinding(await ask('quickCheck'), 'in-service');
      expectDone(await ask('remove', written), '/srv/a place unmounted');
      expectFinding(await ask('quickCheck'), 'out-of-service');
      return { seen };
    },
  },
  {
    name: 'covered by another mount',
    expected: 'failed; remove refuses, as the other is somebody else’s',
    run: async (bench) => {
      await bringUp(bench);
      await bench.must('mount', '-t', 'tmpfs', 'cover', mountPoint);
      bench.later(() => bench.must('umount', mountPoint));
      const check = expectFinding(await bench.ask('quickCheck'), 'failed', 'cover on /srv/a place');
      return { seen: `${check}; remove: ${expectFailed(await bench.ask('remove'), 'is mounted over it')}` };
    },
  },
];
