import type { Fault } from '@holdfast/lab';
import { type Bench, expectDone, expectFailed, expectWords, mountPoint } from './bench.ts';

/** Somebody else mounts it when the node boots. */
export const bootFaults: readonly Fault<Bench>[] = [
  {
    name: 'fstab mounts it too',
    expected: 'refused, with the line; noauto is allowed',
    run: async ({ ask, node, must, later, device }) => {
      const before = await must('cat', '/etc/fstab');
      later(() => node.writeFile('/etc/fstab', `${before}\n`));
      const write = (options: string): Promise<void> =>
        node.writeFile('/etc/fstab', `# disks\n${device} /srv/a\\040place ext4 ${options} 0 2\n`);
      await write('defaults');
      const seen = expectFailed(await ask('restore'), `/etc/fstab:2: ${device} /srv/a place`);
      const readiness = await ask('preflight');
      expectWords(readiness.evidence, '/etc/fstab:2');
      if (readiness.ready) throw new Error('preflight says that it is ready');
      await write('defaults,noauto');
      expectDone(await ask('restore'));
      return { seen };
    },
  },
  {
    name: 'systemd mounts it too',
    expected: 'refused, with the unit',
    run: async ({ ask, must, later }) => {
      const unit = 'srv-a\\x20place.mount';
      const folder = '/etc/systemd/system/holdfast-test.target.wants';
      await must('mkdir', '-p', folder);
      later(() => must('rm', '-r', folder));
      await must('ln', '-s', `/etc/systemd/system/${unit}`, `${folder}/${unit}`);
      const seen = expectFailed(await ask('restore'), `the unit ${unit} is enabled`);
      if ((await ask('preflight')).ready) throw new Error('preflight says that it is ready');
      await must('test', '!', '-e', mountPoint);
      return { seen };
    },
  },
];
