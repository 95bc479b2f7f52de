import type { CheckResult } from '@holdfast/kit';
import type { Fault } from '@holdfast/lab';
import { type Bench, dataDirectory, expectThat, until } from '../bench.ts';

const log = `${dataDirectory}/pg_wal`;

export const diskFaults: readonly Fault<Bench>[] = [
  {
    name: 'disk full (WAL)',
    expected:
      'told as a condition before it happens and while it lasts; no restart loop; serves when there is room',
    run: async (bench) => {
      await moveLogToSmallDisk(bench);
      try {
        await bench.must('restore');
        await bench.run('fallocate', '-l', `${await roomLeft(bench, 9)}`, '/srv/wal/fill');
        const early = await bench.check();
        expectThat(saysFull(early), `no condition disk-full, but ${early.finding}: ${early.evidence}`);
        // Writes until the log needs one more segment than there is room for.
        const writes =
          'create table t as select n, repeat(md5(n::text), 16) from generate_series(1, 200000) n';
        const written = await bench.node.run(
          ['psql', '-XAtw', '-h', '/run/postgresql', '-U', 'postgres', '-c', writes],
          { budgetMs: 20_000 },
        );
        expectThat(!written.ok, 'the log did not fill up');
        let full = await bench.check();
        // The server starts itself anew; it is left alone until it says how that went.
        await until('it has settled', async () => {
          full = await bench.check();
          return full.finding !== 'degraded' && full.finding !== 'timeout';
        });
        expectThat(saysFull(full), `no condition disk-full, but ${full.finding}: ${full.evidence}`);
        const told = `before: ${sayConditions(early)}\nwhile full: ${full.finding}: ${full.evidence}; ${sayConditions(full)}`;
        const tried =
          full.finding === 'in-service' ? 'it reads, and needs no repair' : await bench.mustFail('recover');
        const mendedAt = performance.now();
        await bench.run('rm', '/srv/wal/fill');
        await bench.must('recover');
        await bench.sql('create table u as select 1', 'drop table u');
        return { seen: `${told}\n${tried}\nwrites again with room`, healthyMs: performance.now() - mendedAt };
      } finally {
        await moveLogBack(bench);
      }
    },
  },
  {
    name: 'fs read-only / I/O error',
    expected: 'the deep check fails, also while old connections still answer: for the engine to fail over',
    run: async (bench) => {
      const { device } = bench;
      await bench.must('restore');
      await bench.check();
      await bench.check();
      const sound = await bench.call<CheckResult>('deepCheck');
      expectThat(sound.finding === 'in-service', `before: ${sound.finding}: ${sound.evidence}`);
      try {
        // As the kernel does it after an error of the disk.
        await bench.run('mount', '-o', 'remount,abort', device, '/srv/pg');
        const quick = await bench.check();
        const deep = await bench.call<CheckResult>('deepCheck');
        expectThat(deep.finding === 'failed', `the deep check: ${deep.finding}: ${deep.evidence}`);
        await bench.must('remove');
        const again = await bench.mustFail('restore');
        expectThat(/read-only file system/i.test(again), again);
        return {
          seen: `before: ${sound.evidence}\nquick: ${quick.finding}; deep: ${deep.finding}: ${deep.evidence}\nrestore: ${again}`,
        };
      } finally {
        await bench.must('remove');
        await bench.run('umount', '/srv/pg');
        await bench.node.run(['e2fsck', '-fy', device], { budgetMs: 20_000 });
        await bench.run('mount', '-o', 'errors=remount-ro', device, '/srv/pg');
      }
    },
  },
  {
    name: 'data mount missing',
    expected: 'refused, and nothing is made in its place; out of service, and removed without complaint',
    run: async (bench) => {
      await bench.run('umount', '/srv/pg');
      const refused = await bench.mustFail('restore');
      expectThat(refused.includes('has no PG_VERSION'), refused);
      const check = await bench.check();
      expectThat(check.finding === 'out-of-service', `the check says ${check.finding}: ${check.evidence}`);
      await bench.must('remove');
      expectThat((await bench.run('ls', '-A', '/srv/pg')) === '', 'something was made on the empty place');
      return { seen: refused };
    },
  },
  {
    name: 'tablespace missing',
    expected: 'refused at start; found by the deep check while it runs, though it answers',
    run: async (bench) => {
      await bench.run('install', '-d', '-o', 'postgres', '-m', '0700', '/srv/space');
      await bench.must('restore');
      await bench.sql("create tablespace far location '/srv/space'");
      await bench.run('mv', '/srv/space', '/srv/away');
      const quick = await bench.check();
      const deep = await bench.call<CheckResult>('deepCheck');
      expectThat(deep.finding === 'failed', `the deep check: ${deep.finding}: ${deep.evidence}`);
      await bench.must('remove');
      // As an unmounted mount point is.
      await bench.run('mkdir', '/srv/space');
      const refused = await bench.mustFail('restore');
      expectThat(refused.includes('/srv/space, where'), refused);
      const injectedAt = performance.now();
      await bench.run('rmdir', '/srv/space');
      await bench.run('mv', '/srv/away', '/srv/space');
      await bench.must('restore');
      await until('a client is served', bench.isServed);
      const healthyMs = performance.now() - injectedAt;
      await bench.sql('drop tablespace far');
      await bench.run('rmdir', '/srv/space');
      return { seen: `quick: ${quick.finding}; deep: ${deep.evidence}\nrestore: ${refused}`, healthyMs };
    },
  },
];

async function moveLogToSmallDisk({ run }: Bench): Promise<void> {
  await run('mkdir', '-p', '/srv/wal');
  await run('mount', '-t', 'tmpfs', '-o', 'size=80m,mode=0755', 'small', '/srv/wal');
  await run('cp', '-a', log, '/srv/wal/log');
  await run('mv', log, `${log}.kept`);
  await run('ln', '-s', '/srv/wal/log', log);
}

async function moveLogBack({ run, must }: Bench): Promise<void> {
  await must('remove');
  await run('rm', log);
  await run('cp', '-a', '/srv/wal/log', log);
  await run('rm', '-r', `${log}.kept`);
  await run('umount', '/srv/wal');
}

/** All but so many megabytes of what is free. */
async function roomLeft({ run }: Bench, keptMb: number): Promise<number> {
  const free = Number((await run('df', '--output=avail', '-B1', '/srv/wal')).split('\n').at(-1));
  return free - keptMb * 1024 * 1024;
}

function saysFull({ conditions = [] }: CheckResult): boolean {
  return conditions.some(({ code }) => code === 'disk-full');
}

function sayConditions({ conditions = [] }: CheckResult): string {
  return conditions.map(({ code, says }) => `${code}: ${says}`).join(', ');
}
