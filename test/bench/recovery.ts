import { openLab, preparePostgres, startAgent } from '@holdfast/lab';
import { type Benchmark, figureOf } from './measure.ts';

/**
 * From the kill of a PostgreSQL to its next answer, through the agent. The limit, a bare server started again at the
 * moment of its death, and the peers belong to later versions of this file; until checks are driven by events, the
 * wait for the next check (every 500 ms here) is part of the figure.
 */
export const recovery: Benchmark = {
  name: 'recovery',
  measures: 'SIGKILL of the postmaster to a client row through the protected address',
  async *run({ runs }) {
    const lab = await openLab();
    try {
      const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
      const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
      await preparePostgres(node, {
        device,
        mountPoint: '/srv/pg',
        dataDirectory: '/srv/pg/data',
        port: 5432,
      });
      await startAgent(node);
      const budget = { budgetMs: 60_000 };
      const document = {
        nodes: ['alpha'],
        policy: { quickCheck: { every: '500ms' }, localRecovery: { attempts: 1_000 } },
        resources: {
          ip: { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } },
          fs: { type: 'filesystem', settings: { device, mountPoint: '/srv/pg', fsType: 'ext4' } },
          pg: { type: 'postgresql', needs: ['fs', 'ip'], settings: { dataDirectory: '/srv/pg/data' } },
        },
      };
      await node.run(['holdfast', 'apply', '-'], { ...budget, input: JSON.stringify(document) });
      await node.run(['perform_action', '-t', 'pg', '-a', 'restore'], budget);
      const spans: number[] = [];
      for (let turn = 0; turn < runs; turn += 1) {
        const pid = await node.run(['head', '-n', '1', '/srv/pg/data/postmaster.pid'], budget);
        const begunAt = performance.now();
        await node.run(['kill', '-KILL', pid.stdout.trim()], budget);
        for (let isBack = false; !isBack && performance.now() - begunAt < 30_000; ) {
          isBack = (
            await lab.client.run(['psql', '-h', '10.77.0.50', '-U', 'postgres', '-XAtc', 'select 1'], {
              budgetMs: 2_000,
            })
          ).ok;
        }
        spans.push(performance.now() - begunAt);
      }
      yield figureOf('PostgreSQL killed, checks every 500 ms', spans);
    } finally {
      await lab.close();
    }
  },
};
