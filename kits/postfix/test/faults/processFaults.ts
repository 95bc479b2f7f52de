import type { Fault } from '@holdfast/lab';
import {
  type AbortStep,
  address,
  type Bench,
  folder,
  greeting,
  other,
  pidFile,
  type Readiness,
  settings,
} from '../bench.ts';
import { expectThat, masterOf, mend, mustFind, mustRefuse, mustServe, mustWait, setMain } from './look.ts';

const isFree = `MAIL_CONFIG=${settings.configDirectory} /usr/lib/postfix/sbin/master -t`;

export const processFaults: readonly Fault<Bench>[] = [
  {
    name: 'master killed',
    expected: 'local start',
    run: async (bench) => {
      await bench.must('restore');
      return mend(bench, () => bench.sh(`kill -KILL $(cat ${pidFile})`), ['failed', 'out-of-service']);
    },
  },
  {
    name: 'master frozen',
    expected: 'found at once; the process group is killed and it is started',
    run: async (bench) => {
      await bench.must('restore');
      const row = await mend(bench, () => bench.sh(`kill -STOP $(cat ${pidFile})`), 'failed');
      expectThat(/KILL/.test(row.seen), `it should have been killed: ${row.seen}`);
      return row;
    },
  },
  {
    name: '`stop` fails',
    expected: 'remove stops what `postfix stop` cannot, and the lock is free',
    takesLong: true,
    run: async (bench) => {
      await bench.must('restore');
      const master = await masterOf(bench);
      await bench.sh(`kill -STOP ${master}`);
      const stop = await bench.node.run(['postfix', '-c', settings.configDirectory, 'stop'], {
        budgetMs: 20_000,
      });
      expectThat(stop.exitCode === 1, `postfix stop should have failed: ${stop.says}`);
      await bench.sh(`kill -0 ${master}`);
      const evidence = await bench.must('remove');
      await bench.sh(`${isFree}; ! kill -0 ${master} 2>/dev/null`);
      return { seen: `postfix stop: exit 1; remove: ${evidence}` };
    },
  },
  {
    name: 'frozen child without master',
    expected: 'failed, naming it; it is killed and Postfix is started',
    run: async (bench) => {
      await bench.must('restore');
      const child = await bench.sh(`pgrep -P ${await masterOf(bench)} -x qmgr`);
      const row = await mend(
        bench,
        () => bench.sh(`kill -STOP ${child}; kill -KILL $(cat ${pidFile})`),
        'failed',
      );
      await bench.sh(`! kill -0 ${child} 2>/dev/null`);
      expectThat(row.seen.includes(`${child} (qmgr)`), `it should be named: ${row.seen}`);
      return row;
    },
  },
  {
    name: 'stale pid, number of another process',
    expected: 'nobody else is taken for the master or touched',
    run: async (bench) => {
      await bench.must('restore');
      await bench.sh(`kill -KILL $(cat ${pidFile})`);
      await mustFind(bench, 'out-of-service');
      const stranger = await bench.sh('sleep 777 </dev/null >/dev/null 2>&1 & echo $!');
      await bench.sh(`printf '%32s\\n' ${stranger} >${pidFile}`);
      const found = await mustFind(bench, 'out-of-service');
      const evidence = await bench.must('restore');
      await bench.must('remove');
      await bench.sh(`kill ${stranger}`);
      return { seen: `${found.evidence}; then ${evidence}; the other process lives` };
    },
  },
  {
    name: 'second instance touched',
    expected: 'the other instance is the same before, during and after',
    run: async (bench) => {
      const probe = `bash ${greeting} ${other.address} ${other.pidFile}`;
      const before = await bench.sh(probe);
      await bench.must('restore');
      await bench.sh(`kill -STOP $(cat ${pidFile})`);
      await bench.must('recover');
      expectThat((await bench.sh(probe)) === before, 'the other instance changed during recover');
      await bench.must('remove');
      expectThat((await bench.sh(probe)) === before, 'the other instance changed during remove');
      return { seen: `its master was ${before} all along` };
    },
  },
  {
    name: 'same paths in a container',
    expected: 'it is not ours: out of service, and remove leaves it alone',
    run: async (bench) => {
      // Its own files behind the same paths; it ends with the first process of its pid namespace.
      const inside = `
        cp -a ${folder} /tmp/container; mount --bind /tmp/container ${folder}
        postfix -c ${folder}/etc start; tr -d ' ' <${pidFile}; exec sleep 1000`;
      let said = '';
      const container = bench.node.start(
        ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-ec', inside],
        {
          onOutput: (text) => {
            said += text;
          },
        },
      );
      try {
        await mustWait('the one in the container runs', async () => (/\d/.test(said) ? true : undefined));
        await mustServe(bench);
        const found = await mustFind(bench, 'out-of-service');
        const evidence = await bench.must('remove');
        await mustServe(bench);
        return { seen: `${found.evidence}; remove: ${evidence}; it greets as before` };
      } finally {
        container.kill('SIGKILL');
        await container.ended;
        await mustWait('the container is gone', async () =>
          (await bench.sh(`ss -Hltn 'src ${address}:25'`)) === '' ? true : undefined,
        );
        await bench.sh('rm -rf /tmp/container');
      }
    },
  },
  {
    name: 'queue of another instance',
    expected: 'refused, naming its master; it is not touched',
    run: async (bench) => {
      await setMain(bench, `queue_directory = ${other.folder}/queue`);
      const wrong = { queueDirectory: `${other.folder}/queue`, queueMountPoint: undefined };
      const found = await mustFind(bench, 'out-of-service', wrong);
      expectThat(found.conditions?.[0]?.code === 'queue-taken', `no condition: ${JSON.stringify(found)}`);
      return {
        seen: await mustRefuse(bench, 'restore', /in use by the master \d+ of \/srv\/other\/etc/, wrong),
      };
    },
  },
  {
    name: 'started outside (systemd)',
    expected: 'seen, taken over as it is, stopped by remove; preflight names the unit',
    run: async (bench) => {
      await bench.sh(`postfix -c ${folder}/etc start`);
      const found = await mustFind(bench, 'in-service');
      const master = await masterOf(bench);
      await bench.must('restore');
      expectThat((await masterOf(bench)) === master, 'restore started it anew');
      await bench.must('remove');
      await bench.sh(isFree);
      const wants = '/etc/systemd/system/multi-user.target.wants';
      await bench.sh(
        `mkdir -p ${wants}; ln -sf /lib/systemd/system/postfix.service ${wants}/postfix.service`,
      );
      const ready = await bench.call<Readiness>('preflight', { configDirectory: '/etc/postfix' });
      const warning = ready.warnings.find((says) => says.includes('systemctl disable postfix.service'));
      await bench.sh(`rm ${wants}/postfix.service`);
      expectThat(warning !== undefined, `preflight does not warn: ${ready.warnings.join('; ')}`);
      return { seen: `${found.evidence}; ${warning}` };
    },
  },
  {
    name: 'all smtpd busy',
    expected: 'degraded; nothing is started anew, and a client is served once one has left',
    run: async (bench) => {
      await bench.sh(`sed -i 's/^smtp  *inet .*/smtp inet n - n - 2 smtpd/' ${folder}/etc/master.cf`);
      await bench.must('restore');
      const master = await masterOf(bench);
      for (let count = 0; count < 2; count += 1) await bench.client({ do: 'idle', host: address, port: 25 });
      const found = await mustFind(bench, 'degraded', { bannerTimeoutMs: 300 });
      await bench.must('restore', { bannerTimeoutMs: 300 });
      expectThat((await masterOf(bench)) === master, 'it was started anew');
      await bench.client({ do: 'leave' });
      await mustServe(bench);
      await mustFind(bench, 'in-service');
      return { seen: `degraded: ${found.evidence}` };
    },
  },
  {
    name: 'the node lost its right to act',
    expected: 'another process, without the kit, ends all of it within a second',
    run: async (bench) => {
      await bench.must('restore');
      const steps = await bench.call<readonly AbortStep[]>('abort');
      expectThat(steps.length > 0, 'abort says nothing to run');
      const begunAt = performance.now();
      for (const { argv, budgetMs } of steps) {
        const ran = await bench.node.run(argv, { budgetMs });
        expectThat(ran.ok, ran.says);
      }
      const found = await mustFind(bench, 'out-of-service');
      const tookMs = Math.round(performance.now() - begunAt);
      expectThat(tookMs < 1_000, `it took ${tookMs} ms`);
      return {
        seen: `${steps.map(({ argv }) => argv.slice(0, 4).join(' ')).join('; ')}: ${found.evidence}, ${tookMs} ms`,
      };
    },
  },
];
