import { AgentBench } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

/** An address and a file system, and a database that needs both. */
const database = { resources: { ip: {}, fs: {}, pg: { needs: ['fs', 'ip'] } } };

async function inService(): Promise<AgentBench> {
  const bench = await AgentBench.with(database);
  await bench.command('restore', 'pg');
  bench.node.log.length = 0;
  return bench;
}

function takeDown(bench: AgentBench, more: { dryRun?: boolean } = {}) {
  return bench.agent.leaving.request({ services: 'takeDown', dryRun: false, by: 'operator', ...more });
}

describe('an agent that is told to take its services down', () => {
  test('removes them in order, stops, and has nothing left', async () => {
    const bench = await inService();
    takeDown(bench);
    await bench.pass(1_000);
    await expect(bench.agent.ended).resolves.toBeUndefined();
    expect(bench.node.log[0]).toBe('remove pg');
    expect([...bench.node.log].sort()).toEqual(['remove fs', 'remove ip', 'remove pg']);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'agent-stopped', left: [] });
    expect(bench.status().agent.phase).toBe('stopped');
  });

  test('keeps the intents: the next agent brings back what was in service, and only that', async () => {
    const bench = await inService();
    await bench.command('remove', 'pg');
    takeDown(bench);
    await bench.pass(1_000);
    bench.kill();
    await bench.startAnew();
    await bench.pass(1_000);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'OSU' });
  });

  test('says in a dry run what would go, in which order, and does nothing', async () => {
    const bench = await inService();
    const answer = takeDown(bench, { dryRun: true });
    await bench.pass(1_000);
    expect(answer.ok && answer.value.plan.steps.map(({ action, tag }) => `${action} ${tag}`)).toEqual([
      'remove pg',
      'remove fs',
      'remove ip',
    ]);
    expect(bench.node.log).toEqual([]);
    expect(bench.status().agent.phase).toBe('running');
    expect(bench.status().nodes[0]?.mode).toBe('active');
  });

  test('stops what is on its way up, and takes down what it made', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('fs', 'restore', { hangs: 'until-told' });
    await bench.command('restore', 'pg', { passMs: 20 });
    takeDown(bench);
    await bench.pass(30_000);
    await expect(bench.agent.ended).resolves.toBeUndefined();
    expect(bench.node.log).not.toContain('restore pg');
    expect(bench.node.isUp('fs') || bench.node.isUp('ip')).toBe(false);
  });

  test('stops although one would not go, keeps what that rests on, and names it', async () => {
    const bench = await inService();
    bench.node.behaves('pg', 'remove', { fails: 'still has clients' });
    takeDown(bench);
    await bench.pass(600_000);
    await expect(bench.agent.ended).resolves.toBeUndefined();
    expect(bench.node.isUp('fs')).toBe(true);
    const stopped = bench.events.at(-1);
    expect(stopped).toMatchObject({ kind: 'agent-stopped' });
    const left = stopped?.kind === 'agent-stopped' ? stopped.left : [];
    expect(left.map(({ tag }) => tag)).toEqual(['ip', 'fs', 'pg']);
    expect(left[2]?.says).toContain('still has clients');
  });

  test('takes nothing while it does, and repairs nothing', async () => {
    const bench = await inService();
    bench.node.behaves('pg', 'remove', { takesMs: 5_000 });
    takeDown(bench);
    await bench.pass(10);
    expect(bench.status().nodes[0]?.mode).toBe('standby');
    const asked = await bench.command('restore', 'pg');
    expect(asked).toMatchObject({ result: 'refused', problems: [{ code: 'NODE_STANDBY' }] });
    bench.node.finds('ip', 'failed');
    bench.suspect('ip');
    await bench.pass(10_000);
    expect(bench.node.log).not.toContain('recover ip');
    expect(bench.node.log).not.toContain('restore ip');
  });

  test('takes a paused resource down too, and leaves it paused', async () => {
    const bench = await inService();
    await bench.agent.pauses.pause({ tag: 'pg', scope: 'resource', why: 'upgrade', by: 'operator' });
    takeDown(bench);
    await bench.pass(1_000);
    expect(bench.node.isUp('pg')).toBe(false);
    bench.kill();
    await bench.startAnew();
    await bench.pass(1_000);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'OSU' });
  });

  test('may be told meanwhile to leave the rest as it is', async () => {
    const bench = await inService();
    bench.node.behaves('pg', 'remove', { takesMs: 5_000 });
    takeDown(bench);
    await bench.pass(10);
    bench.agent.leaving.request({ services: 'leave', dryRun: false, by: 'operator' });
    await bench.pass(10_000);
    await expect(bench.agent.ended).resolves.toBeUndefined();
    expect(bench.node.isUp('fs')).toBe(true);
  });

  test('dies in the middle: the next agent brings back what is wanted', async () => {
    const bench = await inService();
    bench.node.behaves('fs', 'remove', { takesMs: 5_000 });
    takeDown(bench);
    await bench.pass(100);
    bench.kill();
    bench.node.behaves('fs', 'remove', {});
    await bench.startAnew();
    await bench.pass(60_000);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
  });
});

test('an agent that is told to leave its services up stops at once', async () => {
  const bench = await inService();
  bench.agent.leaving.request({ services: 'leave', dryRun: false, by: 'operator' });
  await bench.pass(100);
  await expect(bench.agent.ended).resolves.toBeUndefined();
  expect(bench.node.log).toEqual([]);
});

test('an agent without a configuration that is told to take its services down stops', async () => {
  const bench = new AgentBench();
  await bench.start();
  takeDown(bench);
  await bench.pass(100);
  await expect(bench.agent.ended).resolves.toBeUndefined();
});
