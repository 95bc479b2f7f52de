import type { Fault } from '@holdfast/lab';
import { address, type Bench, folder, settings } from '../bench.ts';
import { expectThat, masterOf, mustFind, mustRefuse, mustServe, mustWait, sendMail } from './look.ts';

const holder = `require('node:net').createServer().listen(25, '${address}', () => console.log('listening'))`;

export const networkFaults: readonly Fault<Bench>[] = [
  {
    name: 'VIP gone first',
    expected: 'failed and not stopped, by the lock; remove stops what `postfix stop` cannot',
    run: async (bench) => {
      await bench.must('restore');
      const master = await masterOf(bench);
      await bench.sh(`ip addr del ${address}/32 dev eth0`);
      const status = await bench.node.run(['postfix', '-c', settings.configDirectory, 'status'], {
        budgetMs: 5_000,
      });
      expectThat(status.exitCode === 1, `postfix status should have lied: ${status.says}`);
      const found = await mustFind(bench, 'failed');
      expectThat(found.evidence.includes(address), `it should name the address: ${found.evidence}`);
      const evidence = await bench.must('remove');
      await bench.sh(`! kill -0 ${master} 2>/dev/null`);
      return { seen: `${found.evidence}; remove: ${evidence}` };
    },
  },
  {
    name: 'VIP gone and back',
    expected: 'the address outlives Postfix: nothing is started anew',
    run: async (bench) => {
      await bench.must('restore');
      const master = await masterOf(bench);
      await bench.sh(`ip addr del ${address}/32 dev eth0`);
      const begunAt = performance.now();
      await mustFind(bench, 'failed');
      await bench.sh(`ip addr add ${address}/32 dev eth0`);
      await mustServe(bench);
      const healthyMs = performance.now() - begunAt;
      const found = await mustFind(bench, 'in-service');
      expectThat((await masterOf(bench)) === master, 'it was started anew');
      return { seen: found.evidence, healthyMs };
    },
  },
  {
    name: 'VIP absent at start',
    expected: 'refused, naming the address that is needed',
    run: async (bench) => {
      await bench.sh(`ip addr del ${address}/32 dev eth0`);
      return { seen: await mustRefuse(bench, 'restore', /10\.77\.0\.50 is not on this node/) };
    },
  },
  {
    name: 'port 25 taken (exim, sendmail)',
    expected: 'refused, naming the holder; preflight says so before',
    run: async (bench) => {
      const listener = bench.node.start([process.execPath, '-e', holder]);
      const pid = await mustWait('the port is taken', async () => {
        const shown = await bench.sh(`ss -Hltnp 'src ${address}:25'`);
        return /pid=(\d+)/.exec(shown)?.[1];
      });
      const ready = await bench.call<{ ready: boolean; evidence: string }>('preflight');
      const seen = await mustRefuse(bench, 'restore', new RegExp(`port 25 is in use by ${pid} `));
      listener.kill('SIGKILL');
      await listener.ended;
      expectThat(!ready.ready && ready.evidence.includes(String(pid)), `preflight says ${ready.evidence}`);
      await bench.must('restore');
      return { seen };
    },
  },
  {
    name: 'DNS/relay down',
    expected: 'in service; the deep check only tells what is deferred',
    run: async (bench) => {
      await bench.must('restore');
      const codes = await sendMail(bench, 'b@elsewhere.example', 'deferred');
      expectThat(codes.at(-1) === '221', `not taken: ${codes.join(' ')}`);
      await mustWait('the mail is deferred', async () =>
        (await bench.sh(`find ${folder}/queue/deferred -type f`)) === '' ? undefined : true,
      );
      const deep = await bench.call<{ finding: string; conditions: { code: string; says: string }[] }>(
        'deepCheck',
        {
          deferredMax: 0,
        },
      );
      const told = deep.conditions.find(({ code }) => code === 'deferred-mail');
      expectThat(deep.finding === 'in-service' && told !== undefined, JSON.stringify(deep));
      return { seen: `${deep.finding}; ${told?.says}` };
    },
  },
];
