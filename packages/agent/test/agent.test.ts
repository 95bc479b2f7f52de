import { AgentBench } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

/** An address and a file system, and a database that needs both. */
const database = { resources: { ip: {}, fs: {}, pg: { needs: ['fs', 'ip'] } } };

describe('a command', () => {
  test('restores all below the tag first, independent ones at the same time', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('fs', 'restore', { takesMs: 50 });
    bench.node.behaves('ip', 'restore', { takesMs: 50 });
    const begunAt = bench.time.now;
    expect(await bench.command('restore', 'pg')).toEqual({ result: 'done', unmet: [] });
    expect(bench.node.log).toEqual(['restore fs', 'restore ip', 'restore pg']);
    const ended = bench.events.find(({ kind }) => kind === 'operation-ended');
    expect(ended?.at).toBe(1_700_000_000_000 + begunAt + 50);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
  });

  test('to restore what is in service does nothing and is done', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    expect((await bench.command('restore', 'pg')).result).toBe('done');
    expect(bench.node.log).toEqual([]);
  });

  test('to remove a child takes down what rests on it first, and leaves the rest', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    expect((await bench.command('remove', 'fs')).result).toBe('done');
    expect(bench.node.log).toEqual(['remove pg', 'remove fs']);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'OSU', pg: 'OSU' });
  });

  test('that fails leaves the parent out, brings up what is independent, and names the cause', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('fs', 'restore', { fails: 'mount: wrong fs type' });
    const ended = await bench.command('restore', 'pg');
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'OSF', pg: 'OSU' });
    expect(ended).toEqual({
      result: 'failed',
      unmet: expect.arrayContaining([
        { tag: 'fs', state: 'OSF', says: 'restore failed: mount: wrong fs type' },
        { tag: 'pg', state: 'OSU', says: 'it needs fs, which is OSF' },
      ]),
    });
    expect(bench.status().resources.find(({ tag }) => tag === 'fs')).toMatchObject({
      want: 'inService',
      todo: 'mend fs',
    });
  });

  test('that failed is not tried again by itself, and is when it is given again', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('fs', 'restore', { fails: 'no such device' });
    await bench.command('restore', 'pg');
    await bench.pass(3_600_000);
    expect(bench.node.log.filter((line) => line === 'restore fs')).toHaveLength(1);
    bench.node.behaves('fs', 'restore', {});
    expect((await bench.command('restore', 'pg')).result).toBe('done');
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
  });

  test('for an unknown tag is refused with the nearest one, and changes nothing', async () => {
    const bench = await AgentBench.with(database);
    const answer = await bench.command('restore', 'pgg');
    expect(answer).toMatchObject({
      result: 'refused',
      problems: [{ code: 'UNKNOWN_RESOURCE', todo: 'did you mean pg?' }],
    });
    expect(bench.node.log).toEqual([]);
  });

  test('overtakes one that is under way: what it began is stopped, and what it wants is done', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('fs', 'restore', { hangs: 'until-told' });
    const first = bench.command('restore', 'pg');
    await bench.pass(20);
    expect((await bench.command('remove', 'pg', { reach: 'whole', passMs: 3_000 })).result).toBe('done');
    expect((await first).result).toBe('overtaken');
    expect(bench.states()).toEqual({ ip: 'OSU', fs: 'OSU', pg: 'OSU' });
    expect(bench.node.log).not.toContain('restore pg');
  });

  test("hands its arguments to the kits' actions unchanged", async () => {
    const bench = await AgentBench.with({ resources: { ip: {} } });
    await bench.command('restore', 'ip', { args: ['--force', 'a b'] });
    expect(bench.node.args).toEqual([['--force', 'a b']]);
  });
});

describe('a failure', () => {
  test('that a check finds is repaired in place, and what rests on it is left alone', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    bench.node.set('ip', 'down');
    await bench.pass(12_000);
    expect(bench.node.log).toEqual(['recover ip']);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
  });

  test('that cannot be repaired in place is answered by a restart with what rests on it', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    bench.node.set('fs', 'down');
    bench.node.behaves('fs', 'recover', { fails: 'still broken' });
    await bench.pass(12_000);
    expect(bench.node.log).toEqual(['recover fs', 'remove pg', 'remove fs', 'restore fs', 'restore pg']);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
  });

  test('that comes back again and again is given up when the policy is spent, with the reason', async () => {
    const bench = await AgentBench.with({
      ...database,
      policy: { localRecovery: { attempts: 2, within: '30m' } },
    });
    await bench.command('restore', 'ip', { parents: false });
    bench.node.log.length = 0;
    for (let n = 0; n < 4; n += 1) {
      bench.node.set('ip', 'down');
      await bench.pass(15_000);
    }
    expect(bench.node.log).toEqual(['recover ip', 'recover ip']);
    const ip = bench.status().resources.find(({ tag }) => tag === 'ip');
    expect(ip).toMatchObject({ state: 'OSF', want: 'inService' });
    expect(ip?.blocked).toContain('2 repairs');
    // What is spent stays so, however long nobody comes; a command is one more try.
    await bench.pass(7_200_000);
    expect(bench.node.log).toHaveLength(2);
    expect((await bench.command('restore', 'ip')).result).toBe('done');
  });

  test('is reported and left alone where the policy says so', async () => {
    const bench = await AgentBench.with({ resources: { ip: {} }, policy: { notificationOnly: true } });
    await bench.command('restore', 'ip');
    bench.node.log.length = 0;
    bench.node.set('ip', 'down');
    await bench.pass(60_000);
    expect(bench.node.log).toEqual([]);
    expect(bench.states()).toEqual({ ip: 'OSF' });
  });

  test.each(['timeout', 'failed'] as const)(
    'by %s counts when it comes as often in a row as the policy says',
    async (finding) => {
      const bench = await AgentBench.with({
        resources: { ip: {} },
        policy: { quickCheck: { every: '10s', inARow: 3 } },
      });
      await bench.command('restore', 'ip');
      bench.node.finds('ip', finding);
      await bench.pass(15_000);
      expect(bench.states()).toEqual({ ip: 'ISP' });
      await bench.pass(30_000);
      expect(bench.node.log).toContain('recover ip');
    },
  );

  test('is not concluded from a check that could not be made', async () => {
    const bench = await AgentBench.with({ resources: { ip: {} } });
    await bench.command('restore', 'ip');
    bench.node.log.length = 0;
    bench.node.finds('ip', 'unknown');
    await bench.pass(600_000);
    expect(bench.node.log).toEqual([]);
    expect(bench.states()).toEqual({ ip: 'ISP' });
  });

  test('of a kit that throws, hangs or lies is named as a fault of the kit', async () => {
    const bench = await AgentBench.with({ resources: { a: {}, b: {}, c: {} } });
    bench.node.behaves('a', 'restore', { throws: 'oh' });
    bench.node.behaves('b', 'restore', { hangs: 'deaf' });
    await bench.command('restore', 'a');
    await bench.command('restore', 'b', { passMs: 30_000 });
    await bench.command('restore', 'c');
    bench.node.behaves('c', 'remove', { lies: true });
    await bench.command('remove', 'c', { passMs: 30_000 });
    const todo = Object.fromEntries(bench.status().resources.map(({ tag, todo: says }) => [tag, says]));
    expect(todo).toEqual({
      a: expect.stringContaining('fault in the kit'),
      b: expect.stringContaining('fault in the kit'),
      c: expect.stringContaining('fault in the kit'),
    });
    expect(bench.states()).toEqual({ a: 'OSF', b: 'OSF', c: 'ISP' });
  });
});

describe('a deep check', () => {
  test('is made on its own interval while the resource is in service, and counts its own failures in a row', async () => {
    const bench = await AgentBench.with({
      resources: { ip: {}, deep: { type: 'deep' } },
      policy: { quickCheck: { every: '10s' }, deepCheck: { every: '60s', inARow: 2 } },
    });
    await bench.command('restore', 'deep');
    await bench.pass(300_000);
    expect(bench.node.checks.filter((line) => line === 'deepCheck deep').length).toBeGreaterThan(3);
    expect(bench.node.checks).not.toContain('deepCheck ip');
    bench.node.findsDeeply('deep', 'failed');
    bench.node.log.length = 0;
    await bench.pass(70_000);
    expect(bench.states()).toMatchObject({ deep: 'ISP' });
    await bench.pass(70_000);
    expect(bench.node.log).toContain('recover deep');
    await bench.command('remove', 'deep');
    bench.node.checks.length = 0;
    await bench.pass(600_000);
    expect(bench.node.checks).not.toContain('deepCheck deep');
  });
});

test('what is no longer described is forgotten: described again, its bad checks are counted from none', async () => {
  const policy = { deepCheck: { every: '60s', inARow: 2 } };
  const document = { resources: { ip: {}, deep: { type: 'deep' } }, policy };
  const bench = await AgentBench.with(document);
  const isFoundBadOnce = async () => {
    await bench.command('restore', 'deep');
    bench.node.checks.length = 0;
    for (let count = 0; count < 70 && !bench.node.checks.includes('deepCheck deep'); count += 1)
      await bench.pass(1_000);
    expect(bench.node.checks).toContain('deepCheck deep');
  };
  bench.node.findsDeeply('deep', 'failed');
  await isFoundBadOnce();
  expect(bench.node.log).not.toContain('recover deep');
  await bench.command('remove', 'deep');
  await bench.apply({ resources: { ip: {} }, policy });
  await bench.apply(document);
  await isFoundBadOnce();
  expect(bench.node.log).not.toContain('recover deep');
});

describe('a pause', () => {
  const hour = 3_600_000;

  async function pausing(
    bench: AgentBench,
    tag: string,
    more: { until?: number; scope?: 'hierarchy'; dryRun?: boolean } = {},
  ) {
    const paused = await bench.agent.pauses.pause({
      tag,
      scope: 'resource',
      why: 'new disk',
      by: 'operator',
      ...more,
    });
    await bench.pass(10);
    return paused;
  }

  test('that is only tried changes nothing, and neither does a resume that is only tried', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    const tried = await pausing(bench, 'pg', { scope: 'hierarchy', dryRun: true });
    expect(tried).toEqual({ ok: true, value: { tags: ['fs', 'ip', 'pg'] } });
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    await pausing(bench, 'pg');
    await bench.agent.pauses.resume({ tag: 'pg', scope: 'resource', by: 'operator', dryRun: true });
    await bench.pass(10);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISU' });
  });

  test('leaves what serves in service and unprotected: no check acts, and nothing is started', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    await pausing(bench, 'pg');
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISU' });
    bench.node.log.length = 0;
    bench.node.set('pg', 'down');
    bench.suspect('pg');
    await bench.pass(hour);
    expect(bench.node.log).toEqual([]);
    expect(bench.states()).toMatchObject({ pg: 'ISU' });
    expect(bench.status().resources.find(({ tag }) => tag === 'pg')?.paused).toMatchObject({
      by: 'operator',
      why: 'new disk',
    });
  });

  test('ends with a look: what was stopped meanwhile and is wanted comes back', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    await pausing(bench, 'pg');
    bench.node.set('pg', 'down');
    bench.node.log.length = 0;
    await bench.agent.pauses.resume({ tag: 'pg', scope: 'resource', by: 'operator' });
    await bench.pass(100);
    expect(bench.node.log).toEqual(['restore pg']);
    expect(bench.states()).toMatchObject({ pg: 'ISP' });
  });

  test('ends by itself when its time is over, also across the death of the agent, and what runs is not touched', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    await pausing(bench, 'pg', { scope: 'hierarchy', until: 1_700_000_000_000 + bench.time.now + hour });
    expect(bench.states()).toEqual({ ip: 'ISU', fs: 'ISU', pg: 'ISU' });
    bench.kill();
    await bench.startAnew();
    await bench.pass(hour / 2);
    expect(bench.states()).toEqual({ ip: 'ISU', fs: 'ISU', pg: 'ISU' });
    await bench.pass(hour);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    expect(bench.node.log).toEqual([]);
  });

  test('of what is above keeps a failure below from taking it down', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    await pausing(bench, 'pg');
    bench.node.log.length = 0;
    bench.node.behaves('fs', 'recover', { fails: 'still broken' });
    bench.node.set('fs', 'down');
    await bench.pass(60_000);
    expect(bench.node.log).toEqual(['recover fs']);
    expect(bench.status().resources.find(({ tag }) => tag === 'fs')?.blocked).toContain(
      'pg would go down with it',
    );
  });

  test('refuses to restore what is paused, and lets it be removed', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    await pausing(bench, 'pg');
    expect((await bench.command('remove', 'pg')).result).toBe('done');
    expect(await bench.command('restore', 'pg')).toMatchObject({
      result: 'refused',
      problems: [{ code: 'PAUSED', todo: 'holdfast resume pg' }],
    });
    await bench.agent.pauses.resume({ tag: 'pg', scope: 'resource', by: 'operator' });
    await bench.pass(100);
    expect(bench.states()).toMatchObject({ pg: 'OSU' });
    expect((await bench.command('restore', 'pg')).result).toBe('done');
  });
});

describe('an operation under way', () => {
  test('does not keep another resource of the hierarchy from being repaired in place', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('pg', 'restore', { takesMs: 8_000 });
    const asked = bench.command('restore', 'pg', { passMs: 100 });
    await asked;
    bench.node.log.length = 0;
    bench.node.set('ip', 'down');
    bench.suspect('ip');
    await bench.pass(10);
    expect(bench.node.log).toEqual(['recover ip']);
    await bench.pass(10_000);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
  });

  test('is waited for by what comes after it, though it is of another hierarchy', async () => {
    const bench = await AgentBench.with({ resources: { db: {}, log: { after: ['db'] } } });
    bench.node.behaves('db', 'restore', { takesMs: 500 });
    await bench.command('restore', 'db', { passMs: 100 });
    await bench.command('restore', 'log', { passMs: 100 });
    expect(bench.node.log).toEqual(['restore db']);
    await bench.pass(1_000);
    expect(bench.node.log).toEqual(['restore db', 'restore log']);
    expect(bench.events.filter(({ kind }) => kind === 'command-ended')).toMatchObject([
      { result: 'done' },
      { result: 'done' },
    ]);
  });
});

describe('an event', () => {
  const rarely = { policy: { quickCheck: { every: '1h' } } };

  test('is listened for while the resource is in service, and anew in each life of it', async () => {
    const bench = await AgentBench.with({ resources: { ip: {} }, ...rarely });
    expect(bench.watched).toEqual([]);
    await bench.command('restore', 'ip');
    expect(bench.watched).toEqual([{ tag: 'ip', life: 1, watches: [{ kind: 'mount', mountPoint: '/ip' }] }]);
    bench.node.set('ip', 'down');
    bench.suspect('ip');
    await bench.pass(100);
    expect(bench.watched[0]).toMatchObject({ tag: 'ip', life: 2 });
    await bench.command('remove', 'ip');
    expect(bench.watched).toEqual([]);
  });

  test('that came before anybody listened is not missed: the resource is looked at as the listening begins', async () => {
    const bench = await AgentBench.with({ resources: { ip: {} }, ...rarely });
    bench.node.behaves('ip', 'restore', { takesMs: 100 });
    const asked = bench.command('restore', 'ip', { passMs: 90 });
    await asked;
    bench.node.checks.length = 0;
    await bench.pass(60);
    expect(bench.states()).toEqual({ ip: 'ISP' });
    expect(bench.node.checks).toEqual(['quickCheck ip']);
  });

  test('brings the check forward, and the failure is repaired at once', async () => {
    const bench = await AgentBench.with({ ...database, ...rarely });
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    bench.node.set('ip', 'down');
    bench.suspect('ip');
    await bench.pass(1);
    expect(bench.node.log).toEqual(['recover ip']);
    expect(bench.states()).toMatchObject({ ip: 'ISP' });
  });

  test('alone decides nothing', async () => {
    const bench = await AgentBench.with({ ...database, ...rarely });
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    for (let n = 0; n < 50; n += 1) bench.suspect('pg');
    await bench.pass(1_000);
    expect(bench.node.log).toEqual([]);
    expect(bench.states()).toMatchObject({ pg: 'ISP' });
  });
});

describe('a remove that fails', () => {
  test('is tried again within its budget, then left for a person, and nothing below it is removed', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    bench.node.behaves('pg', 'remove', { fails: 'a client holds it' });
    expect((await bench.command('remove', 'fs', { passMs: 60_000 })).result).toBe('failed');
    expect(bench.node.log).toEqual(['remove pg', 'remove pg', 'remove pg']);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    bench.node.behaves('pg', 'remove', {});
    expect((await bench.command('remove', 'fs')).result).toBe('done');
  });
});

describe('the death of the agent', () => {
  test('loses no intent, and what runs is adopted without a touch', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    bench.kill();
    await bench.pass(60_000);
    await bench.startAnew();
    await bench.pass(60_000);
    expect(bench.node.log).toEqual([]);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
  });

  test('half-way through a restore is followed by the rest of it', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('pg', 'restore', { hangs: 'until-told' });
    const asked = bench.command('restore', 'pg');
    await bench.pass(50);
    expect(bench.node.log).toContain('restore pg');
    bench.kill();
    bench.node.behaves('pg', 'restore', {});
    await bench.startAnew();
    await bench.pass(1_000);
    expect(bench.node.log.filter((line) => line !== 'restore pg')).toEqual(['restore fs', 'restore ip']);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    await asked;
  });

  test('half-way through a remove is followed by the rest of it, and nothing is adopted', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.behaves('pg', 'remove', { hangs: 'until-told' });
    const asked = bench.command('remove', 'fs');
    await bench.pass(50);
    bench.kill();
    bench.node.behaves('pg', 'remove', {});
    await bench.startAnew();
    await bench.pass(1_000);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'OSU', pg: 'OSU' });
    expect(bench.events.filter(({ kind }) => kind === 'adopted')).toEqual([]);
    await asked;
  });

  test('with the node: at boot what should be in service is restored, under a new epoch', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    expect(bench.status().hierarchies[0]).toMatchObject({ owner: 'alpha', epoch: 1 });
    bench.kill();
    for (const tag of ['ip', 'fs', 'pg']) bench.node.set(tag, 'down');
    bench.node.log.length = 0;
    await bench.startAnew({ booted: true });
    await bench.pass(1_000);
    expect(bench.node.log).toEqual(['restore fs', 'restore ip', 'restore pg']);
    expect(bench.status().hierarchies[0]).toMatchObject({ owner: 'alpha', epoch: 2 });
  });
});

describe('what runs though nobody asked for it', () => {
  test('is adopted with all that it needs', async () => {
    const bench = new AgentBench();
    for (const tag of ['ip', 'fs', 'pg']) bench.node.set(tag, 'up');
    await bench.start();
    await bench.apply(database);
    await bench.pass(1_000);
    expect(bench.node.log).toEqual([]);
    expect(bench.status().resources.map(({ state, want }) => [state, want])).toEqual(
      Array(3).fill(['ISP', 'inService']),
    );
    expect(bench.status().hierarchies[0]).toMatchObject({ owner: 'alpha' });
  });

  test('is left alone when it is broken: a person may be at work on it', async () => {
    const bench = await AgentBench.with(database);
    bench.node.finds('fs', 'failed');
    await bench.pass(600_000);
    expect(bench.node.log).toEqual([]);
    expect(bench.states()).toMatchObject({ fs: 'OSF' });
    bench.node.finds('fs', undefined);
    expect((await bench.command('remove', 'fs')).result).toBe('done');
  });
});

describe('a store that cannot be written', () => {
  test('refuses commands, and recoveries go on', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    bench.node.log.length = 0;
    bench.disk.isFull = true;
    await expect(bench.command('remove', 'pg')).rejects.toThrow('no space');
    bench.node.set('ip', 'down');
    await bench.pass(12_000);
    expect(bench.node.log).toEqual(['recover ip']);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    bench.disk.isFull = false;
    expect((await bench.command('remove', 'pg')).result).toBe('done');
    expect(bench.faults).toEqual([]);
  });

  test('does not let what runs unasked be taken down', async () => {
    const bench = await AgentBench.with(database);
    bench.disk.isFull = true;
    for (const tag of ['ip', 'fs', 'pg']) bench.node.set(tag, 'up');
    await bench.pass(600_000);
    expect(bench.node.log).toEqual([]);
    bench.disk.isFull = false;
    await bench.pass(600_000);
    expect(bench.node.log).toEqual([]);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
    expect(bench.faults).toEqual([]);
  });
});

describe('a configuration', () => {
  test('starts nothing when it is applied', async () => {
    const bench = await AgentBench.with(database);
    await bench.pass(600_000);
    expect(bench.node.log).toEqual([]);
  });

  test('that would forget what is in service is refused', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    const applied = await bench.apply({ resources: { ip: {}, fs: {} } });
    expect(applied).toMatchObject({
      ok: false,
      problems: [{ code: 'RESOURCE_IN_SERVICE', path: 'resources.pg' }],
    });
    expect(Object.keys(bench.states())).toEqual(['ip', 'fs', 'pg']);
  });

  test('forgets what it no longer describes, and knows nothing of it when it comes back', async () => {
    const bench = await AgentBench.with(database);
    await bench.command('restore', 'pg');
    await bench.command('remove', 'pg', { reach: 'whole' });
    expect(await bench.apply({ resources: { ip: {} } })).toMatchObject({ ok: true });
    expect(Object.keys(bench.states())).toEqual(['ip']);
    expect(bench.kept('pg')).toBeUndefined();
    expect(await bench.apply(database)).toMatchObject({ ok: true, value: { generation: 3 } });
    expect((await bench.command('restore', 'pg')).result).toBe('done');
    expect(bench.faults).toEqual([]);
  });

  test('that joins two hierarchies in service makes them one, owned under a new epoch', async () => {
    const bench = await AgentBench.with({ resources: { a: {}, b: {} } });
    await bench.command('restore', 'a');
    await bench.command('restore', 'b');
    expect(bench.status().hierarchies.map(({ epoch }) => epoch)).toEqual([1, 1]);
    await bench.apply({ resources: { a: {}, b: { needs: ['a'] } } });
    expect(bench.status().hierarchies).toMatchObject([{ tags: ['a', 'b'], owner: 'alpha', epoch: 2 }]);
    bench.node.log.length = 0;
    await bench.pass(600_000);
    expect(bench.node.log).toEqual([]);
    expect((await bench.command('remove', 'a')).result).toBe('done');
    expect(bench.node.log).toEqual(['remove b', 'remove a']);
  });

  test('that does not list this node is refused', async () => {
    const bench = new AgentBench();
    await bench.start();
    expect(await bench.apply({ ...database, nodes: ['beta'] })).toMatchObject({
      ok: false,
      problems: [{ code: 'UNKNOWN_NODE' }],
    });
  });

  test('that says the same again is no new generation', async () => {
    const bench = await AgentBench.with(database);
    expect(await bench.apply(database)).toEqual({ ok: true, value: { generation: 1, changes: [] } });
  });

  test('whose change of settings lets a failed resource be tried once more', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('fs', 'restore', { fails: 'no such device' });
    await bench.command('restore', 'pg');
    bench.node.behaves('fs', 'restore', {});
    await bench.apply({ resources: { ...database.resources, fs: { settings: { device: '/dev/other' } } } });
    await bench.pass(1_000);
    expect(bench.states()).toEqual({ ip: 'ISP', fs: 'ISP', pg: 'ISP' });
  });
});

describe('an agent', () => {
  test('whose session another has ended begins no step any more', async () => {
    const bench = await AgentBench.with(database);
    const first = bench.agent;
    // The store's own lock keeps a second agent out; here it is taken over as a cluster's store would allow.
    bench.disk.isOpen = false;
    const entry = bench.disk.entries.get('session/alpha')!;
    bench.disk.revision += 1;
    bench.disk.entries.set('session/alpha', {
      ...entry,
      value: { id: 'other' },
      revision: bench.disk.revision,
    });
    await first.requests
      .command({
        action: 'restore',
        tag: 'pg',
        parents: true,
        reach: 'above',
        refuseIfElsewhere: false,
        args: [],
        dryRun: false,
        by: 'operator',
      })
      .catch(() => undefined);
    await bench.pass(60_000);
    expect(bench.node.log).toEqual([]);
  });

  test('that stops lets steps under way end, leaves services as they are, and says so', async () => {
    const bench = await AgentBench.with(database);
    bench.node.behaves('fs', 'restore', { takesMs: 500 });
    const asked = bench.command('restore', 'pg', { passMs: 20 });
    await asked;
    const stopped = bench.agent.stop();
    await bench.pass(1_000);
    await stopped;
    expect(bench.node.isUp('fs')).toBe(true);
    expect(bench.node.log).not.toContain('restore pg');
    expect(bench.status().agent.phase).toBe('stopped');
    await expect(bench.agent.ended).resolves.toBeUndefined();
  });
});

test('the last fifty generations of the configuration are kept, and what is older is forgotten', async () => {
  const bench = await AgentBench.with({ resources: { ip: {} } });
  for (let count = 2; count <= 55; count += 1)
    await bench.apply({ resources: { ip: {}, [`spare-${count}`]: {} } });
  const { configurations } = await bench.agent.configurations.generations();
  expect(configurations).toHaveLength(50);
  expect([configurations[0]!.generation, configurations.at(-1)!.generation]).toEqual([55, 6]);
  expect(await bench.agent.configurations.generation(5)).toMatchObject({ ok: false });
});
