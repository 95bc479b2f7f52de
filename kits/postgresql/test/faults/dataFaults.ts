import type { Fault } from '@holdfast/lab';
import { type Bench, dataDirectory, expectThat, until } from '../bench.ts';

const control = `${dataDirectory}/global/pg_control`;

export const dataFaults: readonly Fault<Bench>[] = [
  {
    name: 'wrong owner/mode',
    expected: 'refused with the mode that it has and the one that it must have',
    run: async (bench) => {
      await bench.run('chmod', '0755', dataDirectory);
      const refused = await bench.mustFail('restore');
      expectThat(/mode 0755.*chmod 0700/.test(refused), refused);
      await bench.run('chmod', '0700', dataDirectory);
      return { seen: refused, healthyMs: await serveAgain(bench) };
    },
  },
  {
    name: 'run as root',
    expected: 'data of root are refused; the server runs as the owner of the data',
    run: async (bench) => {
      await bench.run('chown', 'root:root', dataDirectory);
      const refused = await bench.mustFail('restore');
      expectThat(refused.includes('belongs to root'), refused);
      await bench.run('chown', 'postgres:postgres', dataDirectory);
      const healthyMs = await serveAgain(bench);
      const account = await bench.run(
        'sh',
        '-c',
        `ps -o user= -p "$(head -1 ${dataDirectory}/postmaster.pid)"`,
      );
      expectThat(account === 'postgres', `it runs as ${account}`);
      return { seen: `${refused}\nruns as ${account}`, healthyMs };
    },
  },
  {
    name: 'config error',
    expected: 'failed with the file and the line; preflight says the same',
    run: async (bench) => {
      await bench.run('sed', '-i', '$a garbage here', `${dataDirectory}/postgresql.conf`);
      const refused = await bench.mustFail('restore');
      expectThat(/"garbage" in file ".*postgresql\.conf" line \d+/.test(refused), refused);
      const ready = await bench.call<{ ready: boolean; evidence: string }>('preflight');
      expectThat(!ready.ready && /line \d+/.test(ready.evidence), `preflight: ${ready.evidence}`);
      await bench.run('cp', '-a', '/srv/pg/kept.conf', `${dataDirectory}/postgresql.conf`);
      return { seen: refused, healthyMs: await serveAgain(bench) };
    },
  },
  {
    name: 'corrupt pg_control',
    expected: 'failed with the words of the server: do not try again, restore a backup',
    run: async (bench) => {
      await bench.run('cp', '-a', control, '/srv/pg/pg_control.kept');
      await bench.run('dd', 'if=/dev/zero', `of=${control}`, 'bs=1', 'seek=32', 'count=64', 'conv=notrunc');
      const refused = await bench.mustFail('restore');
      expectThat(/control file.*do not try again/.test(refused), refused);
      const check = await bench.check();
      expectThat(check.finding === 'out-of-service', `the check says ${check.finding}: ${check.evidence}`);
      await bench.run('cp', '-a', '/srv/pg/pg_control.kept', control);
      return { seen: refused, healthyMs: await serveAgain(bench) };
    },
  },
  {
    name: 'version mismatch',
    expected: 'refused before anything is started, whether the programs are found or given',
    run: async (bench) => {
      const version = `${dataDirectory}/PG_VERSION`;
      const major = await bench.run('cat', version);
      await bench.run('sed', '-i', 's/.*/9/', version);
      const found = await bench.mustFail('restore');
      expectThat(found.includes('no PostgreSQL 9 is installed'), found);
      const binDirectory = `/usr/lib/postgresql/${major}/bin`;
      const given = await bench.mustFail('restore', { changed: { binDirectory } });
      expectThat(given.includes(`of version ${major}, and the data are of version 9`), given);
      await bench.run('sed', '-i', `s/.*/${major}/`, version);
      const wanted = await bench.mustFail('restore', { changed: { version: '9' } });
      expectThat(wanted.includes('the setting version says 9'), wanted);
      return { seen: `found: ${found}\ngiven: ${given}`, healthyMs: await serveAgain(bench) };
    },
  },
];

/** What was wrong is mended: the next restore must serve. */
async function serveAgain(bench: Bench): Promise<number> {
  const mendedAt = performance.now();
  await bench.must('restore');
  await until('a client is served', bench.isServed);
  return performance.now() - mendedAt;
}
