import type { Fault } from '@holdfast/lab';
import { type Bench, folder, log, type Outcome, other, settings } from '../bench.ts';
import {
  countDelivered,
  expectThat,
  masterOf,
  mustFind,
  mustRefuse,
  mustServe,
  mustWait,
  sendMail,
  setMain,
  unsetMain,
} from './look.ts';

const rescued = { configDirectory: '/srv/etc-rescued' };
const rescue = `cp -a ${folder}/etc /srv/etc-rescued`;
const manyFiles = 8_000;

export const queueFaults: readonly Fault<Bench>[] = [
  {
    name: 'queue not mounted',
    expected: 'refused, and nothing is made in the empty mount point',
    run: async (bench) => {
      // Its configuration is still there: only the queue is missing.
      await bench.sh(`${rescue}; umount ${folder}; mkdir -p ${folder}/queue`);
      const named = await mustRefuse(bench, 'restore', /nothing is mounted on \/srv\/mail/, rescued);
      const unnamed = await mustRefuse(bench, 'restore', /that is no mail queue/, {
        ...rescued,
        queueMountPoint: undefined,
      });
      expectThat((await bench.sh(`ls -A ${folder}/queue`)) === '', 'something was made in it');
      expectThat((await bench.call<Outcome>('remove', rescued)).result === 'done', 'remove fails');
      return { seen: `${named}; ${unnamed}` };
    },
  },
  {
    name: 'configuration not mounted',
    expected: 'refused; out of service; remove is done',
    run: async (bench) => {
      await bench.sh(`umount ${folder}; ls ${folder} >/dev/null`);
      const seen = await mustRefuse(bench, 'restore', /there is no \/srv\/mail\/etc\/main\.cf/);
      await mustFind(bench, 'out-of-service');
      await bench.must('remove');
      const ready = await bench.call<{ ready: boolean; warnings: string[] }>('preflight');
      expectThat(ready.ready, 'a standby without the disk should be ready');
      return { seen };
    },
  },
  {
    name: 'queue dir missing',
    expected: 'refused; stopping it finds it stopped',
    run: async (bench) => {
      await bench.sh(`mv ${folder}/queue ${folder}/away`);
      try {
        const seen = await mustRefuse(bench, 'restore', /there is no \/srv\/mail\/queue/);
        const removed = await bench.must('remove');
        return { seen: `${seen}; remove: ${removed}` };
      } finally {
        await bench.sh(`mv ${folder}/away ${folder}/queue`);
      }
    },
  },
  {
    name: 'queue fs full',
    expected: 'degraded, with what Postfix answers; nothing is started anew; served again when there is room',
    run: async (bench) => {
      await bench.must('restore');
      const master = await masterOf(bench);
      await bench.sh(`dd if=/dev/zero of=${folder}/fill bs=1M status=none || true`);
      const found = await mustFind(bench, 'degraded');
      expectThat(found.conditions?.some(({ code }) => code === 'queue-full') === true, JSON.stringify(found));
      const codes = await sendMail(bench, 'a@mail.example', 'full');
      expectThat(codes.includes('452'), `Postfix answers ${codes.join(' ')}`);
      const deep = await bench.call<{ finding: string; evidence: string }>('deepCheck');
      expectThat(deep.finding === 'degraded', JSON.stringify(deep));
      await bench.must('restore');
      await bench.sh(`rm ${folder}/fill`);
      const begunAt = performance.now();
      await mustFind(bench, 'in-service');
      const healthyMs = performance.now() - begunAt;
      expectThat((await masterOf(bench)) === master, 'it was started anew');
      return { seen: `${found.evidence}; deep check: ${deep.evidence}`, healthyMs };
    },
  },
  {
    name: 'queue fs ro',
    expected: 'failed; recover refuses, so that it moves to another node',
    run: async (bench) => {
      await bench.must('restore');
      await bench.sh(`echo 1 >/sys/fs/ext4/${bench.device.split('/').at(-1)}/trigger_fs_error
        touch ${folder}/x 2>/dev/null || true`);
      try {
        const found = await mustFind(bench, 'failed');
        const refused = await mustRefuse(bench, 'recover', /read-only/);
        return { seen: `${found.evidence}; recover: ${refused}` };
      } finally {
        await bench.must('remove');
        await bench.sh(`umount ${folder}; e2fsck -fy ${bench.device} >/dev/null || test $? -lt 4`);
      }
    },
  },
  {
    name: 'queue not writable for Postfix',
    expected: 'a deep check finds what a quick one cannot; no mail is sent',
    run: async (bench) => {
      await bench.must('restore');
      const good = await bench.call<{ finding: string; evidence: string }>('deepCheck');
      expectThat(good.finding === 'in-service' && /was written/.test(good.evidence), JSON.stringify(good));
      await bench.sh(`chown root ${folder}/queue/incoming`);
      try {
        const quick = await mustFind(bench, 'in-service');
        const deep = await bench.call<{ finding: string; evidence: string }>('deepCheck', {}, 3_000);
        expectThat(deep.finding === 'failed' || deep.finding === 'timeout', JSON.stringify(deep));
        expectThat(/RCPT TO/.test(deep.evidence), JSON.stringify(deep));
        expectThat((await bench.sh(`find ${folder}/box -type f`)) === '', 'a check has sent mail');
        return { seen: `quick check: ${quick.finding}; deep check: ${deep.finding}: ${deep.evidence}` };
      } finally {
        await bench.sh(`chown postfix ${folder}/queue/incoming`);
      }
    },
  },
  {
    name: 'umount under it',
    expected: 'umount is refused as busy and Postfix serves on; after remove it succeeds',
    run: async (bench) => {
      await bench.must('restore');
      const busy = await bench.node.run(['umount', folder], { budgetMs: 5_000 });
      expectThat(busy.exitCode === 32, busy.says);
      await mustServe(bench);
      const found = await mustFind(bench, 'in-service');
      await bench.must('remove');
      await bench.sh(`umount ${folder}`);
      return { seen: `${busy.says}; ${found.evidence}; after remove it is unmounted` };
    },
  },
  {
    name: 'queue hidden under it',
    expected: 'failed; remove stops what has lost its lock',
    run: async (bench) => {
      await bench.must('restore');
      const master = await masterOf(bench);
      await bench.sh(`${rescue}; mount -t tmpfs cover ${folder}`);
      try {
        // MAIL_CONFIG of the running one names the same folder, which cannot be read any more.
        const found = await mustFind(bench, 'failed');
        const evidence = await bench.must('remove');
        await bench.sh(`! kill -0 ${master} 2>/dev/null`);
        return { seen: `${found.evidence}; remove: ${evidence}` };
      } finally {
        await bench.sh(`umount ${folder}`);
      }
    },
  },
  {
    name: 'data dir wrong owner',
    expected: 'refused with the command that mends it; set-permissions does',
    run: async (bench) => {
      await bench.sh(`chown root ${folder}/data`);
      const seen = await mustRefuse(bench, 'restore', /belongs to root, and not to postfix/);
      await bench.sh(`postfix -c ${settings.configDirectory} set-permissions >/dev/null 2>&1`);
      await bench.must('restore');
      return { seen };
    },
  },
  {
    name: 'data dir shared',
    expected: 'refused, naming the other instance',
    run: async (bench) => {
      await setMain(bench, `data_directory = ${other.folder}/data`);
      return { seen: await mustRefuse(bench, 'restore', /is used by the master \d+ of \/srv\/other\/etc/) };
    },
  },
  {
    name: 'queue restored by copy',
    expected: 'it is started, its files get their new names, and the mail is delivered',
    run: async (bench) => {
      await deferOne(bench, 'copied');
      await bench.sh(
        `cp -a ${folder}/queue ${folder}/copy; rm -rf ${folder}/queue; mv ${folder}/copy ${folder}/queue`,
      );
      await unsetMain(bench, 'defer_transports');
      const evidence = await bench.must('restore');
      await mustWait(
        'it is delivered',
        async () => (await countDelivered(bench, 'copied')) === 1 || undefined,
      );
      return { seen: `${evidence}; the mail of before is delivered` };
    },
  },
  {
    name: 'log not writable at a copied queue',
    expected: 'refused with the words of Postfix; preflight warned of it',
    run: async (bench) => {
      await deferOne(bench, 'unlogged');
      await bench.sh(`cp -a ${folder}/queue ${folder}/copy; rm -rf ${folder}/queue; mv ${folder}/copy ${folder}/queue
        chown root ${log}`);
      const { warnings } = await bench.call<{ warnings: string[] }>('preflight');
      const warning = warnings.find((says) => says.includes(`chown postfix ${log}`));
      expectThat(warning !== undefined, `preflight does not warn: ${warnings.join('; ')}`);
      const refused = await mustRefuse(bench, 'restore', /postsuper: fatal: open logfile/);
      return { seen: `${warning}; restore: ${refused}` };
    },
  },
  {
    name: 'deferred mail at a restore',
    expected: 'tried again at once, and delivered',
    run: async (bench) => {
      await deferOne(bench, 'held back');
      await unsetMain(bench, 'defer_transports');
      const begunAt = performance.now();
      const evidence = await bench.must('restore');
      await mustWait(
        'it is delivered',
        async () => (await countDelivered(bench, 'held back')) === 1 || undefined,
      );
      return { seen: evidence, healthyMs: performance.now() - begunAt };
    },
  },
  {
    name: 'huge queue',
    expected: 'restore waits as long as Postfix looks at it, and is done',
    takesLong: true,
    run: async (bench) => {
      await bench.must('restore');
      await bench.must('remove');
      // Names of the wrong form are renamed one by one, which is the slow case.
      await bench.sh(`seq -f '${folder}/queue/deferred/%07.0fABCDE' ${manyFiles} | xargs touch
        chown -R postfix ${folder}/queue/deferred; chmod 700 ${folder}/queue/deferred/*`);
      const outcome = await bench.call<Outcome>('restore', {}, 120_000);
      expectThat(outcome.result === 'done', outcome.evidence);
      await mustServe(bench);
      return { seen: `${manyFiles} files: ${outcome.evidence}` };
    },
  },
];

/** A mail that was taken and could not be delivered yet; Postfix is stopped. */
async function deferOne(bench: Bench, subject: string): Promise<void> {
  await setMain(bench, 'defer_transports = virtual');
  await bench.must('restore');
  const codes = await sendMail(bench, 'all@mail.example', subject);
  expectThat(codes.at(-1) === '221', `not taken: ${codes.join(' ')}`);
  await mustWait('it is deferred', async () =>
    (await bench.sh(`find ${folder}/queue/deferred -type f`)) === '' ? undefined : true,
  );
  await bench.must('remove');
  expectThat((await countDelivered(bench, subject)) === 0, 'it is delivered already');
}
