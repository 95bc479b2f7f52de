import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { app, type Name, Site } from './openSite.ts';

/*
 * Three nodes whose applications are files: who takes what, who gives it back, and who waits. The tests tell one story:
 * each begins where the one before it ended.
 */

let site: Site;
const long = process.env.HOLDFAST_LONG === '1' ? test : test.skip;
const policy = {
  quickCheck: { every: '500ms' },
  failover: { forget: '2s' },
  switchback: { after: '1s' },
  preflight: { every: '1s' },
};

const document = {
  resources: { child: app('child'), parent: app('parent', { needs: ['child'] }), other: app('other') },
  hierarchies: { other: { switchback: 'AUTOMATIC', nodes: { alpha: 1, beta: 10 } } },
};

beforeAll(async () => {
  site = await Site.open();
  await site.apply({ ...document, policy });
}, 60_000);
afterAll(() => site?.close());

const readiness = async (name: Name, tag: string): Promise<Record<string, string>> => {
  const { hierarchies } = await site.status(name);
  const { nodes } = hierarchies.find(({ id }) => id.startsWith(tag))!;
  return Object.fromEntries(nodes.flatMap((one) => (one.readiness ? [[one.node, one.readiness.state]] : [])));
};

describe('three nodes', () => {
  test('every standby says whether it is ready, and why it is not', async () => {
    await site.do('alpha', 'perform_action', '-t', 'parent', '-a', 'restore');
    await site.until(
      'both standbys are ready',
      async () => JSON.stringify(await readiness('alpha', 'child')) === '{"beta":"ready","gamma":"ready"}',
    );
    await site.do('beta', 'chmod', '777', '/etc/holdfast/app/restore');
    await site.until(
      'beta is not ready',
      async () => (await readiness('gamma', 'child')).beta === 'not-ready',
    );
    const seen = (await site.run('alpha', 'holdfast', 'status')).stdout;
    expect(seen).toContain('standby beta  not ready: child: ');
    expect(seen).toContain('standby gamma  ready, rank 100');
  }, 60_000);

  test('what is in service is not moved to a node that says that it could not run it', async () => {
    const refused = await site.run('beta', 'perform_action', '-t', 'parent', '-a', 'restore');
    expect(refused.ok).toBe(false);
    expect(refused.stdout + refused.stderr).toContain('beta is not ready for child');
    expect(await site.holders('parent')).toEqual(['alpha']);
  }, 60_000);

  test('restore on a backup: all is out on the old node, all in service on the new, and never on both', async () => {
    const held: string[] = [];
    const moved = site.run('gamma', 'perform_action', '-t', 'parent', '-a', 'restore');
    const ended = moved.then(() => true);
    while (!(await Promise.race([ended, soon()]))) {
      held.push((await site.holders('parent')).join(' and '));
      held.push((await site.holders('child')).join(' and '));
    }
    expect((await moved).ok).toBe(true);
    expect(held.filter((names) => names.includes('and'))).toEqual([]);
    expect(await site.states('alpha')).toMatchObject({ parent: 'OSU', child: 'OSU' });
    expect(await site.states('gamma')).toMatchObject({ parent: 'ISP', child: 'ISP' });
  }, 60_000);

  test('remove takes out the tag and what is above it, and nothing comes up elsewhere', async () => {
    expect(await site.do('alpha', 'perform_action', '-t', 'child', '-a', 'remove')).toContain('gamma');
    expect(await site.holders('parent')).toEqual(['gamma']);
    await site.do('gamma', 'perform_action', '-t', 'child', '-a', 'remove');
    await soon(1_000);
    for (const name of ['alpha', 'beta', 'gamma'] as const)
      expect(await site.states(name)).toMatchObject({ parent: 'OSU', child: 'OSU' });
    await site.do('alpha', 'perform_action', '-t', 'parent', '-a', 'restore');
  }, 60_000);

  test('when its owner dies, the node that is ready takes it over, and only that', async () => {
    await site.do('alpha', 'perform_action', '-t', 'other', '-a', 'restore');
    await site.powerCut('alpha');
    await site.holdersBecome('parent', ['gamma'], 30_000);
    expect((await site.status('beta')).resources.find(({ tag }) => tag === 'parent')?.state).toBe('OSU');
    await site.do('beta', 'chmod', '755', '/etc/holdfast/app/restore');
    await site.holdersBecome('other', ['beta'], 30_000);
  }, 90_000);

  test('with AUTOMATIC it goes back to the better node that returned, with INTELLIGENT it stays', async () => {
    await site.start('alpha');
    await site.holdersBecome('other', ['alpha'], 30_000);
    expect(await site.holders('parent')).toEqual(['gamma']);
  }, 90_000);

  test('a hierarchy is extended only to a node that says that it could run it', async () => {
    await site.do('gamma', 'chmod', '777', '/etc/holdfast/app/restore');
    const refused = await site.run('beta', 'holdfast', 'resource', 'extend', 'other', 'gamma');
    expect(refused.stdout + refused.stderr).toContain('gamma is not ready for other');
    expect(await site.do('beta', 'holdfast', 'export')).not.toContain('gamma: ');
    await site.do('gamma', 'chmod', '755', '/etc/holdfast/app/restore');
    await site.do('beta', 'holdfast', 'resource', 'extend', 'other', 'gamma', '--priority', '20');
    expect(await site.do('beta', 'holdfast', 'export')).toContain('gamma: 20');
    const stays = await site.run('beta', 'holdfast', 'resource', 'unextend', 'other', 'alpha');
    expect(stays.stdout + stays.stderr).toContain('other cannot be taken from alpha now');
    await site.do('beta', 'holdfast', 'resource', 'unextend', 'other', 'gamma');
    expect(await site.do('beta', 'holdfast', 'export')).not.toContain('gamma: ');
  }, 60_000);

  long(
    'a failover that is to be confirmed waits for a person, and is carried out when one confirms it',
    async () => {
      await site.do('beta', 'flg_create', '-f', 'confirmso!alpha');
      await site.powerCut('alpha');
      await site.until('it waits', async () => {
        const { resources } = await site.status('beta');
        return resources.some(
          ({ tag, blocked }) => tag === 'other' && blocked?.includes('a person confirms') === true,
        );
      });
      expect(await site.holders('other')).toEqual([]);
      expect(await site.do('beta', 'lk_confirmso', '-y', 'alpha')).toContain('beta takes over other@1');
      await site.holdersBecome('other', ['beta']);
      await site.do('beta', 'flg_remove', '-f', 'confirmso!alpha');
      await site.start('alpha');
    },
    90_000,
  );

  long(
    'an orderly stop takes down, nobody takes over, and the node that starts again brings it back',
    async () => {
      await site.do('gamma', 'lkstop');
      await site.holdersBecome('parent', []);
      await soon(3_000);
      expect(await site.holders('parent')).toEqual([]);
      await site.start('gamma');
      await site.holdersBecome('parent', ['gamma']);
    },
    90_000,
  );

  long(
    'an orderly stop of a node with shutdown_switchover gives what it has to the best other node',
    async () => {
      await site.do('gamma', 'flg_create', '-f', 'shutdown_switchover');
      await site.do('gamma', 'lkstop');
      await site.holdersBecome('parent', ['alpha']);
      await site.start('gamma');
      await site.do('gamma', 'flg_remove', '-f', 'shutdown_switchover');
    },
    90_000,
  );

  long(
    'what was taken out on purpose stays out when its node dies and returns',
    async () => {
      await site.do('alpha', 'perform_action', '-t', 'child', '-a', 'remove');
      await site.powerCut('alpha');
      await site.start('alpha');
      await soon(8_000);
      expect(await site.holders('parent')).toEqual([]);
      expect(await site.holders('child')).toEqual([]);
    },
    90_000,
  );

  long(
    'with quorumLoss: remove a node that is cut off takes down in order before another takes over',
    async () => {
      await site.apply({ ...document, policy, quorumLoss: 'remove' });
      await site.do('alpha', 'perform_action', '-t', 'parent', '-a', 'restore');
      const agent = site.agent('alpha');
      await site.lab.plug(site.node('alpha'), 'out');
      await site.holdersBecome('parent', []);
      expect(agent.log()).toContain('right-fades');
      await site.holdersBecome('parent', ['beta'], 30_000);
      await agent.ended;
      await site.lab.plug(site.node('alpha'), 'in');
      await site.start('alpha');
    },
    90_000,
  );

  long(
    'what would not go takes its node down where the policy says so, and the next node takes over',
    async () => {
      await site.apply({ ...document, policy: { ...policy, removeFails: 'fenceSelf' } });
      await site.run('beta', 'perform_action', '-t', 'parent', '-a', 'restore');
      await site.holdersBecome('parent', ['beta']);
      await site.do('beta', 'touch', '/etc/stuck');
      await site.run('alpha', 'perform_action', '-t', 'parent', '-a', 'restore');
      await site.gone('beta');
      await site.holdersBecome('parent', ['alpha'], 30_000);
    },
    90_000,
  );
});

function soon(ms = 20): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}
