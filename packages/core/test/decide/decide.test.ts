import { decide, type NodeName, type StateOf, type Tag, type View } from '@holdfast/core';
import { type GivenView, hierarchy, hierarchyOn, show, states, text, viewOf } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import { settle, withIntents } from '../model/loop.ts';

const alpha = 'alpha' as NodeName;
const site = hierarchy`
  web    needs db
  db     needs disk
  report needs disk
`;
const all = ['web', 'db', 'disk', 'report'];

describe('a failure', () => {
  test('is repaired in place, and what rests on it is left alone', () => {
    expect(
      decided({
        configuration: site,
        wanted: all,
        stateOf: states`
          web    ISP
          db     OSF
          disk   ISP
          report ISP
        `,
        failures: { db: { kind: 'interrupted', evidence: 'port 5432 refused' } },
      }),
    ).toBe('recover db: port 5432 refused');
  });

  test('whose repair failed leads to a restart of it with all that rests on it', () => {
    expect(
      decided({
        configuration: site,
        wanted: all,
        stateOf: states`
          web    ISP
          db     OSF
          disk   ISP
          report ISP
        `,
        failures: { db: { kind: 'recover', evidence: 'would not start' } },
      }),
    ).toBe(text`
      remove web: rests on db, which is restarted
      remove db after web: to be restarted
      restore db after its remove: recover of db failed: would not start
      restore web after its remove, db: rests on db, which is restarted
    `);
  });

  test('under something that would not go is left, and says what holds it', () => {
    expect(
      decided({
        configuration: site,
        wanted: all,
        stateOf: states`
          web    ISP
          db     OSF
          disk   ISP
          report ISP
        `,
        failures: { db: { kind: 'recover' }, web: { kind: 'remove', evidence: 'busy' } },
      }),
    ).toBe('db is left: web rests on it, and its remove failed: busy');
  });

  test('that cannot be repaired does not keep an independent failure from being repaired', () => {
    const two = hierarchy`
      web    needs left
      report needs right
      site   needs web report
      left   plain
      right  plain
    `;
    expect(
      decided({
        configuration: two,
        wanted: ['web', 'left', 'report', 'right'],
        stateOf: states`
          web    ISP
          left   OSF
          report ISP
          right  OSF
        `,
        failures: {
          left: { kind: 'interrupted', evidence: 'gone' },
          right: { kind: 'interrupted', evidence: 'gone' },
          web: { kind: 'remove', evidence: 'busy' },
        },
      }),
    ).toBe(text`
      remove report: rests on right, which is restarted
      remove right after report: to be restarted
      restore right after its remove: gone
      restore report after its remove, right: rests on right, which is restarted
      left is left: web rests on it, and its remove failed: busy
    `);
  });

  test('of one of a list leaves the parent in service', () => {
    expect(
      decided({
        configuration: mirror,
        wanted: ['mirror', 'left', 'right'],
        stateOf: states`
          mirror ISP
          left   OSF
          right  ISP
        `,
        failures: { left: { kind: 'recover', evidence: 'gone' } },
      }),
    ).toBe(text`
      remove left: to be restarted
      restore left after its remove: recover of left failed: gone
    `);
  });

  test('of the last of a list takes the parent along', () => {
    expect(
      decided({
        configuration: mirror,
        wanted: ['mirror', 'left'],
        stateOf: states`
          mirror ISP
          left   OSF
        `,
        failures: { left: { kind: 'recover', evidence: 'gone' } },
      }),
    ).toBe(text`
      remove mirror: rests on left, which is restarted
      remove left after mirror: to be restarted
      restore left after its remove: recover of left failed: gone
      restore mirror after its remove, left: rests on left, which is restarted
    `);
  });

  const mirror = hierarchy`
    mirror needsAny left right
  `;
});

describe('a restore that failed', () => {
  const diskFails = (tag: Tag) => tag === 'disk';

  test('leaves the resource failed and its parents out, and is not tried again', () => {
    const view = viewOf({ configuration: site, wanted: all, stateOf: states`` });
    const settled = settle(site, view, { turns: 10, fails: diskFails })!;
    expect(standing(settled)).toEqual({ web: 'OSU', db: 'OSU', report: 'OSU', disk: 'OSF' });
    expect(decide(site, settled).blocked.map(({ tag, because }) => `${tag}: ${because.code}`)).toEqual([
      'disk: failed-and-spent',
      'db: waits-for',
      'report: waits-for',
      'web: waits-for',
    ]);
  });

  test('is tried once more when an operator asks again', () => {
    const view = viewOf({ configuration: site, wanted: all, stateOf: states`` });
    const settled = settle(site, view, { turns: 10, fails: diskFails })!;
    const asked = withIntents(settled, ['disk' as Tag], 'inService');
    expect(shown(site, asked)).toContain('restore disk: wanted in service by operator');
    expect(standing(settle(site, asked, { turns: 10 })!)).toEqual({
      web: 'ISP',
      db: 'ISP',
      report: 'ISP',
      disk: 'ISP',
    });
  });

  test('is tried once more when a child of it comes back into service, and only once', () => {
    const view = viewOf({ configuration: site, wanted: all, stateOf: states`` });
    let tries = 0;
    const fails = (tag: Tag) => {
      if (tag === 'db') tries += 1;
      return tag === 'db';
    };
    const settled = settle(site, view, { turns: 10, fails })!;
    expect(tries).toBe(1);
    const again = settle(site, withDiskBack(settled), { turns: 10, fails })!;
    expect(tries).toBe(2);
    expect(standing(again)).toMatchObject({ db: 'OSF', disk: 'ISP', report: 'ISP' });
  });

  function withDiskBack(view: View): View {
    const disk = 'disk' as Tag;
    const record = view.states[alpha]![disk]!;
    return {
      ...view,
      states: { [alpha]: { ...view.states[alpha], [disk]: { ...record, rises: record.rises + 1 } } },
    };
  }
});

describe('intent', () => {
  test('keeps a child in service as long as something that stays rests on it', () => {
    expect(decided({ configuration: site, wanted: ['web', 'db', 'report'], stateOf: () => 'ISP' })).toBe(
      'disk is left: db still rests on it',
    );
  });

  test('does not bring up a resource above one that was taken out, and says why', () => {
    expect(decided({ configuration: site, wanted: ['web', 'disk'], stateOf: states`disk ISP` })).toBe(
      'web is left: it needs db, which is OSU',
    );
  });

  test('orders what starts in different hierarchies by `after`, in one plan', () => {
    const two = hierarchy`
      web  after log
      log
    `;
    expect(decided({ configuration: two, wanted: ['web', 'log'], stateOf: states`` })).toBe(text`
      restore log: wanted in service by operator
      restore web after log: wanted in service by operator
    `);
  });

  test('makes a plan of its own for each hierarchy that has nothing to do with the others', () => {
    const two = hierarchy`
      web
      log
    `;
    const { plans } = decide(two, viewOf({ configuration: two, wanted: ['web', 'log'], stateOf: states`` }));
    expect(plans.map(show)).toEqual([
      'restore log: wanted in service by operator',
      'restore web: wanted in service by operator',
    ]);
  });

  test('does not touch what is paused', () => {
    expect(decided({ configuration: site, wanted: all, stateOf: () => 'ISU' })).toBe('');
  });
});

describe('the claim', () => {
  const pair = hierarchyOn('alpha', 'beta')`
    web needs db
  `;
  const wanted = ['web', 'db'];

  test('is asked for before anything is restored', () => {
    const view = viewOf({ configuration: pair, wanted, stateOf: states``, claim: 'none' });
    expect(decide(pair, view)).toMatchObject({ take: ['db@1'], plans: [] });
  });

  test('of a node that may be alive is not asked for, and nothing comes up', () => {
    const claim = { node: 'beta' as NodeName };
    for (const alive of ['yes', 'not-known'] as const) {
      const view = viewOf({ configuration: pair, wanted, stateOf: states``, claim, nodes: { beta: alive } });
      expect(decide(pair, view)).toMatchObject({ take: [], plans: [] });
    }
  });

  test('of a node that is gone is asked for', () => {
    const claim = { node: 'beta' as NodeName };
    const view = viewOf({ configuration: pair, wanted, stateOf: states``, claim, nodes: { beta: 'gone' } });
    expect(decide(pair, view).take).toEqual(['db@1']);
  });

  test('of another node means that what runs here is taken down', () => {
    const claim = { node: 'beta' as NodeName };
    expect(decided({ configuration: pair, wanted, stateOf: () => 'ISP', claim })).toBe(text`
      remove web: another node has the claim
      remove db after web: another node has the claim
    `);
  });

  test('of another node, and a remove that failed: what it rests on is not removed under it', () => {
    expect(
      decided({
        configuration: pair,
        wanted,
        stateOf: () => 'ISP',
        claim: { node: 'beta' as NodeName },
        failures: { web: { kind: 'remove', evidence: 'busy' } },
      }),
    ).toBe(text`
      web is left: remove failed: busy
      db is left: web still rests on it
    `);
  });

  test('can be taken by nobody: what serves is left, and what is not wanted goes or is said to be in the way', () => {
    const alone = hierarchy`
      web  needs db log
      db
      log
    `;
    const given = { configuration: alone, claim: 'none', nodes: { alpha: 'gone' } } as const;
    const view = { ...given, node: 'beta', wanted: ['db'], stateOf: states`web ISP\ndb ISP\nlog ISP` };
    expect(decided(view)).toBe(text`
      remove web: taken out of service by operator
      remove log after web: taken out of service by operator
      db is left: no node can take it: alpha is down
    `);
    expect(decided({ ...view, wanted: ['web', 'db'] })).toBe(text`
      log is left: web still rests on it
      db is left: no node can take it: alpha is down
      web is left: no node can take it: alpha is down
    `);
  });

  test('is released when nothing runs and nothing is wanted', () => {
    const view = viewOf({ configuration: pair, wanted: [], stateOf: states`` });
    expect(decide(pair, view)).toMatchObject({ release: ['db@1'], take: [], plans: [] });
  });
});

describe('while an operation acts on its hierarchy', () => {
  const site = hierarchy`
    web  needs db log
    db
    log
    api  needs log  after db
    index  after news
    shop  needs index
    news
  `;
  const view = {
    configuration: site,
    wanted: ['web', 'db', 'log', 'api', 'index', 'shop', 'news'],
    failures: { api: {}, index: {} },
  };

  test('what rests on nothing of it is repaired in place, but not before what it comes after', () => {
    const stateOf = states`web ISP\ndb ISP\nlog ISP\napi OSF\nindex ISP\nshop ISP\nnews ISP`;
    expect(decided({ ...view, stateOf, busy: ['web'] })).toBe('recover api: it broke');
    expect(decided({ ...view, stateOf, busy: ['db'] })).toBe(
      'api is left: an operation on its hierarchy is under way',
    );
  });

  test('a repair in place waits for what it comes after in another hierarchy', () => {
    const stateOf = states`web ISP\ndb ISP\nlog ISP\napi ISP\nindex OSF\nshop ISP\nnews OSU`;
    expect(decided({ ...view, stateOf, busy: ['shop'] })).toBe(text`
      restore news: wanted in service by operator
      recover index after news: it broke
    `);
  });
});

function decided(given: GivenView & { stateOf: StateOf }): string {
  return shown(given.configuration, viewOf(given));
}

function shown(configuration: GivenView['configuration'], view: View): string {
  const { plans, blocked } = decide(configuration, view);
  return [...plans.map(show), ...blocked.map(({ tag, because }) => `${tag} is left: ${because.says}`)].join(
    '\n',
  );
}

function standing(view: View): Record<string, string> {
  return Object.fromEntries(Object.entries(view.states[alpha]!).map(([tag, { state }]) => [tag, state]));
}
