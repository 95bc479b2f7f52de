import type { Fault } from '@holdfast/lab';
import { type Bench, folder } from '../bench.ts';
import { expectThat, mustFind, mustRefuse, mustServe, setMain, unsetMain } from './look.ts';

export const configurationFaults: readonly Fault<Bench>[] = [
  {
    name: 'main.cf syntax',
    expected: 'refused with the line; what runs goes on and says so; it can be stopped',
    run: async (bench) => {
      await bench.must('restore');
      await bench.check();
      await setMain(bench, 'these are words');
      const found = await mustFind(bench, ['in-service', 'failed', 'degraded']);
      expectThat(
        found.conditions?.some(({ code }) => code === 'configuration') === true,
        JSON.stringify(found),
      );
      await bench.must('remove');
      return { seen: await mustRefuse(bench, 'restore', /main\.cf, line \d+: missing '='.*these are words/) };
    },
  },
  {
    name: 'master.cf bad',
    expected: 'refused with the line',
    run: async (bench) => {
      await bench.sh(`echo 'short inet n' >>${folder}/etc/master.cf`);
      return { seen: await mustRefuse(bench, 'restore', /master\.cf: line \d+: bad field count/) };
    },
  },
  {
    name: 'unknown parameter',
    expected: 'started; the parameter is named by restore, preflight and the deep check',
    run: async (bench) => {
      await setMain(bench, 'fooo = 1');
      const ready = await bench.call<{ ready: boolean; warnings: string[] }>('preflight');
      expectThat(
        ready.ready && ready.warnings.some((says) => says.includes('fooo=1')),
        JSON.stringify(ready),
      );
      const evidence = await bench.must('restore');
      expectThat(evidence.includes('unused parameter: fooo=1'), `restore says ${evidence}`);
      const deep = await bench.call<{ finding: string; conditions: { says: string }[] }>('deepCheck');
      expectThat(
        deep.finding === 'in-service' && deep.conditions.some(({ says }) => says.includes('fooo=1')),
        JSON.stringify(deep),
      );
      return { seen: evidence };
    },
  },
  {
    name: 'queue_directory and setting differ',
    expected: 'refused, with both',
    run: async (bench) => {
      await setMain(bench, `queue_directory = ${folder}/elsewhere`);
      return {
        seen: await mustRefuse(
          bench,
          'restore',
          /queue_directory = \/srv\/mail\/elsewhere, the settings say/,
        ),
      };
    },
  },
  {
    name: 'chroot files stale',
    expected: 'copied anew at the start',
    run: async (bench) => {
      await bench.sh(`
        sed -i 's/^smtp  *inet .*/smtp inet n - y - - smtpd/' ${folder}/etc/master.cf
        mkdir -p ${folder}/queue/etc; echo 'nameserver 10.99.0.1' >${folder}/queue/etc/resolv.conf`);
      try {
        const evidence = await bench.must('restore');
        await bench.sh(`cmp /etc/resolv.conf ${folder}/queue/etc/resolv.conf`);
        expectThat(/resolv\.conf/.test(evidence), `restore says ${evidence}`);
        return { seen: evidence };
      } finally {
        await bench.must('remove');
        await bench.sh(`rm -rf ${folder}/queue/etc`);
      }
    },
  },
  {
    name: 'smtpd crash loop',
    expected: 'failed with the words of its log; one start, not many; served once it is corrected',
    run: async (bench) => {
      const quick = { bannerTimeoutMs: 500 };
      await bench.must('restore');
      await setMain(bench, 'smtpd_error_sleep_time = never');
      await bench.sh(`pkill -P $(tr -d ' ' <${folder}/queue/pid/master.pid) -x smtpd || true`);
      const found = await mustFind(bench, ['failed', 'timeout'], quick);
      const refused = await mustRefuse(bench, 'recover', /fatal: .*smtpd_error_sleep_time/);
      await unsetMain(bench, 'smtpd_error_sleep_time');
      const begunAt = performance.now();
      await bench.must('recover', quick);
      await mustServe(bench);
      const healthyMs = performance.now() - begunAt;
      return { seen: `${found.finding}: ${found.evidence}; recover: ${refused}`, healthyMs };
    },
  },
];
