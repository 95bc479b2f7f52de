import type { Fault } from '@holdfast/lab';
import { asPostgres, type Bench, expectThat, heal, pidFile, serverProcesses, until } from '../bench.ts';

export const lockFaults: readonly Fault<Bench>[] = [
  {
    name: 'stale pid, pid reused same user',
    expected: 'no postmaster by program and folder: the lock is cleared, the stranger lives',
    run: async (bench) => {
      await bench.must('restore');
      await bench.run('pkill', '-KILL', '-F', pidFile);
      const asleep = bench.node.start([...asPostgres, 'sleep', '777']);
      let stranger = '';
      await until('the stranger runs', async () => {
        const found = await bench.node.run(['pgrep', '-x', '-f', 'sleep 777'], { budgetMs: 5_000 });
        stranger = found.stdout.trim();
        return found.ok;
      });
      for (const lock of [pidFile, '/run/postgresql/.s.PGSQL.5432.lock']) {
        await bench.run('sed', '-i', `1s/.*/${stranger}/`, lock);
      }
      const healed = await heal(bench, performance.now());
      expectThat(healed.seen.includes(`named ${stranger}`), 'it does not say that the lock was cleared');
      await bench.must('remove');
      await bench.run('kill', '-0', stranger);
      await bench.run('kill', stranger);
      await asleep.ended;
      return healed;
    },
  },
  {
    name: 'empty pid file',
    expected: 'cleared once no process of the data directory is found, then started',
    run: async (bench) => {
      await bench.must('restore');
      await bench.run('pkill', '-KILL', '-F', pidFile);
      await bench.run('truncate', '-s', '0', pidFile);
      const healed = await heal(bench, performance.now());
      expectThat(healed.seen.includes('was empty and was cleared'), 'it does not say that it was cleared');
      return healed;
    },
  },
  {
    name: 'pid file deleted',
    expected: 'failed at once, not when the server ends itself a minute later; started again',
    run: async (bench) => {
      await bench.must('restore');
      const injectedAt = performance.now();
      await bench.run('rm', pidFile);
      const healed = await heal(bench, injectedAt, { finds: ['failed'] });
      expectThat((await serverProcesses(bench)).length === 1, 'there are two postmasters');
      return healed;
    },
  },
  {
    name: 'double start, two hosts',
    expected: 'the second host refuses, and names the first; after a takeover by the claim it starts',
    run: async (bench) => {
      const { beta, device } = bench;
      await bench.must('restore', { epoch: 5 });
      await beta.run('mkdir', '-p', '/srv/pg');
      await beta.run('mount', device, '/srv/pg');
      try {
        const sameClaim = await beta.mustFail('restore', { epoch: 5 });
        const byHand = await beta.mustFail('restore', { epoch: 0 });
        for (const says of [sameClaim, byHand]) expectThat(says.includes('pg-alpha'), says);
        const there = await beta.check();
        expectThat(there.finding === 'out-of-service', `on the second: ${there.finding}: ${there.evidence}`);
        expectThat(await bench.isServed(), 'the first one was disturbed');
        // The first host dies: nobody there can take its stamp away.
        const injectedAt = performance.now();
        await bench.run('pkill', '-KILL', '-F', pidFile);
        await until('nothing runs on the first', async () => (await serverProcesses(bench)).length === 0);
        const taken = await beta.must('restore', { epoch: 6 });
        await until('a client is served', beta.isServed);
        const healthyMs = performance.now() - injectedAt;
        const late = await bench.mustFail('restore', { epoch: 5 });
        expectThat(late.includes('pg-beta'), late);
        return { seen: `second: ${sameClaim}\nafter the first died, epoch 6: ${taken}`, healthyMs };
      } finally {
        await beta.must('remove', { epoch: 6 });
        await beta.run('umount', '/srv/pg');
      }
    },
  },
];
