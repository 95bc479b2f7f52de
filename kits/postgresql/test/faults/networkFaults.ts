import type { CheckResult } from '@holdfast/kit';
import type { Fault } from '@holdfast/lab';
import { type Bench, expectThat, until } from '../bench.ts';

const absent = '10.77.0.99';

export const networkFaults: readonly Fault<Bench>[] = [
  {
    name: 'VIP absent at start',
    expected: 'failed, also where the server starts with a mere warning; serves once the address is there',
    run: async (bench) => {
      await bench.must('restore');
      await bench.sql(`alter system set listen_addresses = '${absent}'`);
      await bench.must('remove');
      const alone = await bench.mustFail('restore');
      expectThat(/Cannot assign requested address.*let the resource need the address/.test(alone), alone);

      await listenOn(bench, `127.0.0.1,${absent}`);
      await bench.run('ip', 'link', 'set', 'lo', 'up');
      const besides = await bench.mustFail('restore');
      expectThat(besides.includes(`does not listen on ${absent}`), besides);
      const deep = await bench.call<CheckResult>('deepCheck');
      expectThat(deep.finding === 'degraded', `the deep check: ${deep.finding}: ${deep.evidence}`);

      const injectedAt = performance.now();
      await bench.must('remove');
      await bench.run('ip', 'address', 'add', `${absent}/24`, 'dev', 'eth0');
      await bench.must('restore');
      await until('a client is served', bench.isServed);
      const healthyMs = performance.now() - injectedAt;
      await bench.must('remove');
      await bench.run('ip', 'address', 'del', `${absent}/24`, 'dev', 'eth0');
      return { seen: `alone: ${alone}\nbesides another: ${besides}`, healthyMs };
    },
  },
  {
    name: 'port taken',
    expected: 'failed, with the process that holds the port; preflight says it before',
    run: async (bench) => {
      let isHeld = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        isHeld = resolve;
      });
      const listen = "require('net').createServer().listen(5432,'0.0.0.0',()=>console.log('held'))";
      const holder = bench.node.start([process.execPath, '-e', listen], { onOutput: isHeld });
      await held;
      try {
        const ready = await bench.call<{ ready: boolean; evidence: string }>('preflight');
        expectThat(!ready.ready && /5432 is held by process \d+/.test(ready.evidence), ready.evidence);
        // IPv6 is free, so that the server starts and says nothing but a warning.
        const besides = await bench.mustFail('restore');
        expectThat(/does not listen on 0\.0\.0\.0.*port 5432 is held by process \d+/.test(besides), besides);
        await bench.must('remove');
        await listenOn(bench, '0.0.0.0');
        const alone = await bench.mustFail('restore');
        expectThat(
          /could not create any TCP\/IP sockets.*port 5432 is held by process \d+/.test(alone),
          alone,
        );
        return { seen: `preflight: ${ready.evidence}\nrestore: ${alone}` };
      } finally {
        holder.kill('SIGKILL');
        await holder.ended;
      }
    },
  },
];

async function listenOn({ node }: Bench, addresses: string): Promise<void> {
  const path = '/srv/pg/data/postgresql.auto.conf';
  await node.writeFile(path, `listen_addresses = '${addresses}'\n`, 0o644);
}
