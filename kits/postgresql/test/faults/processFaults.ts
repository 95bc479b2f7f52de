import type { Fault } from '@holdfast/lab';
import { type Bench, expectThat, heal, pidFile, serverProcesses, sleepingBackend, until } from '../bench.ts';

export const processFaults: readonly Fault<Bench>[] = [
  {
    name: 'postmaster killed',
    expected: 'started again where it is, with crash recovery; committed rows are there',
    run: async (bench) => {
      await bench.must('restore');
      await bench.sql('create table kept (row int)', 'insert into kept values (1)');
      await bench.check();
      const injectedAt = performance.now();
      await bench.run('pkill', '-KILL', '-F', pidFile);
      const seen = await heal(bench, injectedAt);
      expectThat((await bench.sql('select count(*) from kept')) === '1', 'the committed row is gone');
      await bench.sql('drop table kept');
      return seen;
    },
  },
  {
    name: 'backend crash',
    expected: 'nothing: never failed, the same postmaster goes on',
    run: async (bench) => {
      await bench.must('restore');
      await bench.check();
      await bench.check();
      const before = await bench.run('head', '-1', pidFile);
      const session = bench.session('select pg_sleep(1000)');
      const backend = await sleepingBackend(bench);
      const injectedAt = performance.now();
      await bench.run('kill', '-KILL', backend);
      const findings: string[] = [];
      await until('the check says in service', async () => {
        const { finding, evidence } = await bench.check();
        findings.push(finding);
        expectThat(!['failed', 'out-of-service'].includes(finding), `the check says ${finding}: ${evidence}`);
        return finding === 'in-service';
      });
      await until('a client is served', bench.isServed);
      const healthyMs = performance.now() - injectedAt;
      expectThat((await bench.run('head', '-1', pidFile)) === before, 'there is another postmaster');
      await session.ended;
      return { seen: `${findings.join(', ')}; postmaster ${before} as before`, healthyMs };
    },
  },
  {
    name: 'orphan backend holds shmem',
    expected: 'found by its folder and ended, then started',
    run: async (bench) => {
      await bench.must('restore');
      const session = bench.session('select pg_sleep(1000)');
      const backend = await sleepingBackend(bench);
      await bench.run('kill', '-STOP', backend);
      const injectedAt = performance.now();
      await bench.run('pkill', '-KILL', '-F', pidFile);
      await until('the check names the orphan', async () => {
        const { finding, evidence } = await bench.check();
        return finding === 'failed' && evidence.includes(backend);
      });
      const healed = await heal(bench, injectedAt, { finds: ['failed'] });
      expectThat(healed.seen.includes('without a postmaster ended'), 'the orphan was not ended');
      await session.ended;
      return healed;
    },
  },
  {
    name: 'zombie postmaster',
    expected: 'a zombie is dead: started, though its number still answers signals',
    run: async (bench) => {
      await bench.must('restore');
      const commandLine = await bench.run('sh', '-c', `tr '\\0' ' ' <"/proc/$(head -1 ${pidFile})/cmdline"`);
      await bench.must('remove');
      // A parent that never waits for its child.
      const neverWaits = `${commandLine} </dev/null >/dev/null 2>&1 & exec sleep 1000`;
      const parent = bench.node.start([
        ...(['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] as const),
        ...['sh', '-c', neverWaits],
      ]);
      await until('a client is served', bench.isServed);
      const postmaster = await bench.run('head', '-1', pidFile);
      const injectedAt = performance.now();
      await bench.run('kill', '-KILL', postmaster);
      await until('the postmaster is a zombie', async () =>
        (await bench.run('ps', '-o', 'stat=', '-p', postmaster)).startsWith('Z'),
      );
      const healed = await heal(bench, injectedAt);
      const state = await bench.run('ps', '-o', 'stat=', '-p', postmaster);
      expectThat(state.startsWith('Z'), 'the zombie was buried meanwhile, so that nothing was shown');
      expectThat(healed.seen.includes(`named ${postmaster}`), 'it does not say that the lock was cleared');
      parent.kill('SIGKILL');
      await parent.ended;
      return healed;
    },
  },
  {
    name: 'frozen postmaster',
    expected: 'found at once; all of it killed, started again',
    run: async (bench) => {
      await bench.must('restore');
      await bench.check();
      const injectedAt = performance.now();
      await bench.run('pkill', '-STOP', '-F', pidFile);
      const healed = await heal(bench, injectedAt, { finds: ['failed'] });
      expectThat((await serverProcesses(bench)).length === 1, 'there are two postmasters');
      return healed;
    },
  },
];
