import { answerCommand, basisOf, decide, type NodeName, type Tag, type View } from '@holdfast/core';
import { configurationOf, hierarchyOn, states, viewOf } from '@holdfast/testkit';
import { expect, test } from '@jest/globals';

const pair = hierarchyOn('alpha', 'beta')`
  web needs db
`;
const wanted = ['web', 'db'];
const beta = 'beta' as NodeName;
const notReady = {
  readiness: {
    [beta]: { db: { ready: false, evidence: 'no device', todo: '', rank: 0, warnings: [], since: 0 } },
  },
} as unknown as Pick<View, 'readiness'>;
const restoreOnBeta = {
  action: 'restore',
  tag: 'web' as Tag,
  parents: true,
  refuseIfElsewhere: false,
  node: beta,
} as const;

test('a command does not take down what serves for a node that is not ready', () => {
  const view = { ...viewOf({ configuration: pair, wanted, stateOf: () => 'ISP' }), ...notReady };
  const answer = answerCommand(pair, view, restoreOnBeta);
  expect(answer).toMatchObject({ ok: false, problems: [{ code: 'NOT_ELIGIBLE' }] });
  expect(JSON.stringify(answer)).toContain('beta is not ready for db: no device');
});

test('a command tries a node that is not ready when nothing is in service', () => {
  const given = { configuration: pair, wanted: [], stateOf: states``, claim: { clean: true } };
  const answer = answerCommand(pair, { ...viewOf(given), ...notReady }, restoreOnBeta);
  expect(answer).toMatchObject({ ok: true, value: { request: { node: 'beta' } } });
});

test('what failed on a node that was not ready is tried again when it is', () => {
  const site = configurationOf({ nodes: ['beta', 'alpha'], resources: { db: {} } });
  const failures = { db: { kind: 'restore', evidence: 'no device' } } as const;
  const given = { configuration: site, node: 'beta', wanted: ['db'], stateOf: states`db OSF`, failures };
  const view = { ...viewOf(given), ...notReady };
  const record = view.states[beta]!['db' as Tag]!;
  record.failure = { ...record.failure!, basis: basisOf(site, view, beta, 'db' as Tag) };
  expect(decide(site, view).plans).toEqual([]);
  const steps = decide(site, { ...view, readiness: {} }).plans.flatMap((plan) => plan.steps);
  expect(steps).toMatchObject([{ action: 'restore', tag: 'db' }]);
});
