import type { CheckResult } from '@holdfast/kit';
import type { Fault } from '@holdfast/lab';
import { type Bench, expectThat, pidFile, until } from '../bench.ts';

const few = [
  'alter system set max_connections = 4',
  'alter system set superuser_reserved_connections = 0',
  'alter system set max_wal_senders = 0',
];

export const clientFaults: readonly Fault<Bench>[] = [
  {
    name: 'connections full',
    expected: 'degraded with a condition, by a kept connection and by a new one; not restarted',
    run: async (bench) => {
      await bench.must('restore');
      await bench.sql(...few);
      await bench.must('remove');
      await bench.must('restore');
      // The second check keeps its connection, which is one of the four.
      await bench.check();
      await bench.check();
      const before = await bench.run('head', '-1', pidFile);
      const sessions = Array.from({ length: 3 }, () => bench.session('select pg_sleep(1000)'));
      try {
        let kept: CheckResult | undefined;
        await until('the check says degraded', async () => {
          kept = await bench.check();
          return kept.finding === 'degraded';
        });
        const fresh = await bench.check({ memory: 'fresh' });
        expectThat(fresh.finding === 'degraded', `a new client: ${fresh.finding}: ${fresh.evidence}`);
        for (const check of [kept!, fresh]) {
          expectThat(
            check.conditions?.some(({ code }) => code === 'connections-full') === true,
            'no condition connections-full',
          );
        }
        await bench.must('restore');
        await bench.must('recover');
        expectThat((await bench.run('head', '-1', pidFile)) === before, 'it was started anew');
        return { seen: `kept: ${kept!.evidence}\nnew: ${fresh.evidence}` };
      } finally {
        for (const session of sessions) session.kill('SIGKILL');
        await Promise.all(sessions.map(({ ended }) => ended));
      }
    },
  },
  {
    name: 'monitor timeout',
    expected: 'timeout within the budget, which alone is no failure; the stuck probe is gone',
    run: async (bench) => {
      await bench.must('restore');
      // Whoever logs in reads this table, and waits.
      const holder = bench.session('begin; lock table pg_catalog.pg_authid; select pg_sleep(1000)');
      await until('a new client hangs', async () => !(await bench.isServed()));
      const check = await bench.check({ memory: 'fresh', budgetMs: 1_500 });
      expectThat(check.finding === 'timeout', `the check says ${check.finding}: ${check.evidence}`);
      expectThat(check.tookMs < 1_500, `it took ${check.tookMs} ms of 1500`);
      const injectedAt = performance.now();
      await until('no probe is left', async () => {
        const left = await bench.node.run(['pgrep', '-f', 'holdfast.*psql|psql.*served'], {
          budgetMs: 5_000,
        });
        return !left.ok;
      });
      holder.kill('SIGKILL');
      await holder.ended;
      // The backend learns of its client's end only when it speaks to it.
      await bench.run('pkill', '-TERM', '-f', '^postgres: postgres postgres \\[local\\] SELECT');
      await until('a client is served', bench.isServed);
      const after = await bench.check({ memory: 'fresh' });
      expectThat(after.finding === 'in-service', `afterwards: ${after.finding}: ${after.evidence}`);
      return {
        seen: `${check.finding} after ${Math.round(check.tookMs)} ms of 1500: ${check.evidence}`,
        healthyMs: performance.now() - injectedAt,
      };
    },
  },
];
