import type { Outcome } from '@holdfast/kit';
import type { Fault } from '@holdfast/lab';
import {
  type Bench,
  expectThat,
  pidFile,
  serverProcesses,
  serverStart,
  type Timed,
  until,
} from '../bench.ts';

export const slowFaults: readonly Fault<Bench>[] = [
  {
    name: 'stop hangs',
    expected: 'fast, at its deadline immediate, at its deadline KILL; then none is left',
    run: async (bench) => {
      const immediate = await stopDeaf(bench, { freeze: false });
      expectThat(immediate.evidence === 'stopped by an immediate shutdown', immediate.evidence);
      const killed = await stopDeaf(bench, { freeze: true });
      expectThat(/processes ended by KILL/.test(killed.evidence), killed.evidence);
      const took = [immediate, killed].map(({ tookMs }) => `${Math.round(tookMs)} ms`);
      return {
        seen: `one that hears no TERM: ${immediate.evidence} after ${took[0]} of ${stopBudgetMs}\none that hears nothing: ${killed.evidence} after ${took[1]}; none is left`,
      };
    },
  },
  {
    name: 'slow recovery',
    expected: 'degraded while it gets on, waited for, never killed; a stalled one is reported and left',
    run: async (bench) => {
      await bench.must('restore');
      await bench.sql(
        'create table big as select n, repeat(md5(n::text), 8) from generate_series(1, 100000) n',
      );
      await bench.run('pkill', '-KILL', '-F', pidFile);
      const injectedAt = performance.now();
      const restoring = bench.call<Outcome>('restore', { changed: { stallSeconds: 1 }, memory: 'fresh' });
      let startup = '';
      await until('the server recovers', async () => {
        const found = await bench.node.run(['pkill', '-STOP', '-e', '-f', '^postgres: startup'], {
          budgetMs: 5_000,
        });
        startup = /pid (\d+)/.exec(found.stdout)?.[1] ?? '';
        return found.ok;
      });
      const postmaster = await bench.run('head', '-1', pidFile);
      const check = await bench.check();
      expectThat(check.finding === 'degraded', `the check says ${check.finding}: ${check.evidence}`);
      const stalled = await restoring;
      expectThat(/did not get on/.test(stalled.evidence), `a stalled one: ${stalled.evidence}`);
      await bench.run('kill', '-CONT', startup);
      await bench.must('restore');
      const healthyMs = performance.now() - injectedAt;
      expectThat((await bench.run('head', '-1', pidFile)) === postmaster, 'it was killed and started anew');
      const rows = await bench.sql('select count(*) from big', 'drop table big', serverStart);
      expectThat(rows.startsWith('100000'), 'rows are missing');
      return {
        seen: `${check.finding}: ${check.evidence}\nstalled: ${stalled.evidence}\nthen done`,
        healthyMs,
      };
    },
  },
];

const stopBudgetMs = 2_000;

/** Stops a server with a child that does not hear TERM, and nothing at all once it is frozen. */
async function stopDeaf(bench: Bench, { freeze }: { freeze: boolean }): Promise<Timed<Outcome>> {
  const { node } = bench;
  await bench.must('restore');
  const session = bench.session(`copy (select 1) to program 'trap "" TERM; exec sleep 555'`);
  let program = '';
  await until('the program runs', async () => {
    program = (await node.run(['pgrep', '-x', '-f', 'sleep 555'], { budgetMs: 5_000 })).stdout.trim();
    return program !== '';
  });
  const backend = await bench.run('ps', '-o', 'ppid=', '-p', program);
  const stopping = bench.call<Outcome>('remove', { budgetMs: stopBudgetMs });
  if (freeze) {
    // Those that were frozen before are woken when the stop begins.
    await until('it stops', async () => (await bench.run('cat', pidFile)).includes('stopping'));
    await bench.run('kill', '-STOP', backend);
  }
  const outcome = await stopping;
  expectThat(outcome.tookMs < stopBudgetMs, `it took ${outcome.tookMs} ms of ${stopBudgetMs}`);
  expectThat((await serverProcesses(bench)).length === 0, 'a process of the server is left');
  await node.run(['kill', '-KILL', program], { budgetMs: 5_000 });
  await session.ended;
  return outcome;
}
