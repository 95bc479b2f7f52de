import {
  type Configuration,
  checkPlan,
  decide,
  type HierarchyId,
  type NodeName,
  planMove,
  type StateOf,
  type Tag,
  type View,
} from '@holdfast/core';
import { configurationOf, hierarchyOn, recordOf, show, states, text, viewOf } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const beta = 'beta' as NodeName;
const pair = hierarchyOn('alpha', 'beta', 'gamma')`
  web needs db
`;
const id = 'db@1' as HierarchyId;
const wanted = ['web', 'db'];
const up: StateOf = () => 'ISP';

describe('a node that is asked for', () => {
  test('is where its owner lets the hierarchy go: all of it is removed, in order', () => {
    expect(
      decided(pair, { ...viewOf({ configuration: pair, wanted, stateOf: up }), requests: { [id]: beta } }),
    ).toBe(text`
      remove web: moves to beta: asked for on beta
      remove db after web: moves to beta: asked for on beta
    `);
  });

  test('gets the claim released when all is out, though it is wanted', () => {
    const view = { ...viewOf({ configuration: pair, wanted, stateOf: states`` }), requests: { [id]: beta } };
    expect(decide(pair, view)).toMatchObject({ release: [id], take: [], plans: [] });
  });

  test('takes the claim when it is clean, before the node of the last claim', () => {
    const given = {
      configuration: pair,
      wanted,
      stateOf: states``,
      claim: { clean: true, node: 'alpha' as NodeName },
    };
    const requests = { [id]: beta };
    expect(decide(pair, { ...viewOf({ ...given, node: 'beta' }), requests }).take).toEqual([id]);
    expect(decide(pair, { ...viewOf(given), requests }).take).toEqual([]);
    expect(decide(pair, viewOf(given)).take).toEqual([id]);
  });

  test('that is down, paused or not allowed moves nothing, and that is said', () => {
    const view = viewOf({ configuration: pair, wanted, stateOf: up, nodes: { beta: 'gone' } });
    expect(decided(pair, { ...view, requests: { [id]: beta } })).toBe(text`
      db is left: asked for on beta, but beta is down
      web is left: asked for on beta, but beta is down
    `);
    const paused = { ...view, nodes: { ...view.nodes, [beta]: { alive: 'yes', mode: 'paused' } } } as View;
    expect(decided(pair, { ...paused, requests: { [id]: beta } })).toContain('but beta is paused');
    const strange = { ...view, requests: { [id]: 'delta' as NodeName } };
    expect(decided(pair, strange)).toContain('but delta may not run it');
  });

  test('gets nothing while a part would not go: nothing is taken down for that, and what is out comes up here', () => {
    const given = { configuration: pair, wanted, stateOf: states`db ISP` };
    const failures = { db: { kind: 'remove', evidence: 'busy' } } as const;
    const view = { ...viewOf({ ...given, failures }), requests: { [id]: beta } };
    expect(decided(pair, view)).toBe(text`
      restore web: wanted in service by operator
      db is left: asked for on beta, but db would not go from here: its remove failed: busy
    `);
  });

  test('gets at once what keeps something here that would go down here as well', () => {
    const plain = configurationOf({
      nodes: ['alpha', 'beta'],
      resources: { disk: { type: 'plain' }, ip: {}, web: { needs: ['disk', 'ip'] } },
    });
    const given = { configuration: plain, wanted: ['disk', 'web'], stateOf: states`disk OSF\nweb ISP` };
    const disk = 'disk@1' as HierarchyId;
    const view = { ...viewOf({ ...given, failures: { disk: { kind: 'interrupted' } } }) };
    expect(decided(plain, { ...view, requests: { [disk]: beta } })).toBe(text`
      remove web: moves to beta: asked for on beta
      remove disk after web: moves to beta: asked for on beta
    `);
  });

  test('is named as the reason of what is out already, while the rest goes', () => {
    const view = viewOf({ configuration: pair, wanted, stateOf: states`db ISP` });
    expect(decided(pair, { ...view, requests: { [id]: beta } })).toBe(text`
      remove db: moves to beta: asked for on beta
      web is left: moves to beta: asked for on beta
    `);
  });

  test('does not get what would not come up there', () => {
    const view = viewOf({ configuration: pair, wanted, stateOf: up });
    const paused = { ['web' as Tag]: { by: 'eve', why: 'new disk', at: 0 } };
    expect(decided(pair, { ...view, paused, requests: { [id]: beta } })).toContain(
      'web would not come up there: its protection is paused by eve: new disk',
    );
  });
});

describe('what cannot be repaired here', () => {
  const plain = configurationOf({
    nodes: ['alpha', 'beta'],
    resources: { web: { needs: ['db'] }, db: { policy: { localRecovery: { enabled: false } } } },
  });
  const failed = {
    configuration: plain,
    wanted,
    stateOf: states`web ISP\ndb OSF`,
    failures: { db: { kind: 'interrupted', evidence: 'gone' } },
  } as const;

  test('is written down first, and nothing is begun', () => {
    const { givesUp, plans } = decide(plain, viewOf(failed));
    expect(givesUp).toEqual([
      { id, failure: { tag: 'db', evidence: 'gone', at: 1_000_000, until: 1_600_000 } },
    ]);
    expect(plans).toEqual([]);
  });

  test('stays while something of it would not go: what serves is not taken down for nothing', () => {
    const site = configurationOf({
      nodes: ['alpha', 'beta'],
      resources: {
        web: { needs: ['db', 'log'] },
        db: { policy: { localRecovery: { enabled: false } } },
        log: {},
        shop: { needs: ['log'] },
      },
    });
    const view = viewOf({
      configuration: site,
      wanted: ['web', 'db', 'log', 'shop'],
      stateOf: states`db OSF\nlog ISP\nshop ISP`,
      failures: { db: { kind: 'interrupted', evidence: 'gone' }, log: { kind: 'remove', evidence: 'busy' } },
    });
    const { givesUp, plans } = decide(site, view);
    expect([givesUp, plans]).toEqual([[], []]);
  });

  test('leaves for the next node while that is remembered, and stays when it is forgotten', () => {
    const failure = { tag: 'db' as Tag, evidence: 'gone', at: 1_000_000, until: 1_600_000 };
    const failedOn = { [id]: { ['alpha' as NodeName]: failure } } as NonNullable<View['failedOn']>;
    expect(decided(plain, { ...viewOf(failed), failedOn })).toContain(
      'remove db after web: moves to beta: db failed here: gone',
    );
    expect(decide(plain, { ...viewOf({ ...failed, now: 1_600_000 }), failedOn }).plans).toEqual([]);
  });

  test('looks again when a failure is forgotten that keeps another node from taking it', () => {
    const failure = { tag: 'db' as Tag, evidence: 'gone', at: 900_000, until: 1_000_500 };
    const failedOn = { [id]: { [beta]: failure } } as NonNullable<View['failedOn']>;
    const view = { ...viewOf({ ...failed, now: 1_000_000 }), failedOn };
    expect(decide(plain, view)).toMatchObject({ givesUp: [], againInMs: 500 });
    const later = decide(plain, { ...view, now: 1_000_500 });
    expect(later.givesUp).toMatchObject([{ id, failure: { tag: 'db' } }]);
    expect(later.againInMs).toBeUndefined();
  });

  test('stays where it is when nobody else may take it', () => {
    for (const alive of ['gone', 'not-known'] as const) {
      const view = viewOf({ ...failed, nodes: { beta: alive } });
      expect(decided(plain, view)).toBe('db is left: local recovery is disabled');
    }
  });
});

describe('in service on two nodes', () => {
  const both = (here: StateOf) => {
    const view = viewOf({ configuration: pair, wanted, stateOf: here });
    const there = { ['db' as Tag]: recordOf('ISP'), ['web' as Tag]: recordOf('OSU') };
    return { ...view, states: { ...view.states, [beta]: there } } as View;
  };

  test('nothing more starts, and the conflict is said', () => {
    expect(decided(pair, both(states`db ISP`))).toBe(text`
      web is left: db is in service on beta: nothing of its hierarchy starts here before that is over
      db is left: it is in service here and on beta at once
    `);
  });

  test('whoever has no claim takes it down', () => {
    expect(
      decided(pair, {
        ...both(up),
        claims: { [id]: { node: beta, boot: 'boot-1', epoch: 1, clean: false } },
      } as View),
    ).toBe(text`
      remove web: another node has the claim
      remove db after web: another node has the claim
    `);
  });

  test('a node that is gone runs nothing', () => {
    const view = both(states`db ISP`);
    const nodes = { ...view.nodes, [beta]: { alive: 'gone' } } as View['nodes'];
    expect(decided(pair, { ...view, nodes })).toBe('restore web: wanted in service by operator');
  });
});

test('the move of a broad hierarchy has one remove that waits for the others, and few edges', () => {
  const leaves = Array.from({ length: 300 }, (_, n) => `leaf${n}`);
  const broad = configurationOf({
    nodes: ['alpha', 'beta'],
    resources: { root: { needs: leaves }, ...Object.fromEntries(leaves.map((leaf) => [leaf, {}])) },
  });
  const stateOn =
    (node: NodeName): StateOf =>
    () =>
      node === 'alpha' ? 'ISP' : 'OSU';
  const plan = planMove({
    configuration: broad,
    tag: 'root' as Tag,
    from: 'alpha' as NodeName,
    to: beta,
    stateOn,
    basedOn: 0,
  });
  expect(checkPlan(plan, broad, stateOn)).toEqual([]);
  expect(plan.steps.flatMap(({ after }) => after).length).toBeLessThan(4 * 301);
});

function decided(configuration: Configuration, view: View): string {
  const { plans, blocked } = decide(configuration, view);
  return [...plans.map(show), ...blocked.map(({ tag, because }) => `${tag} is left: ${because.says}`)].join(
    '\n',
  );
}
