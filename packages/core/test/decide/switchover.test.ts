import {
  answerCommand,
  chooseOwner,
  type HierarchyId,
  type NodeName,
  type Tag,
  type View,
} from '@holdfast/core';
import { hierarchyOn, show, states, text, viewOf } from '@holdfast/testkit';
import { expect, test } from '@jest/globals';

const alpha = 'alpha' as NodeName;
const beta = 'beta' as NodeName;
const pair = hierarchyOn('alpha', 'beta')`
  web needs db
`;
const id = 'db@1' as HierarchyId;
const wanted = ['web', 'db'];
const inService = states`
  web ISP
  db  ISP
`;

/** As beta sees it while alpha runs all of it. */
function seenByBeta(): View {
  const here = viewOf({ configuration: pair, wanted, stateOf: states``, node: 'beta' });
  const there = viewOf({ configuration: pair, wanted, stateOf: inService });
  const nodes = { [alpha]: { alive: 'yes' as const }, [beta]: { alive: 'yes' as const } };
  return { ...here, nodes, claims: there.claims, states: { ...here.states, ...there.states } };
}

const restore = { action: 'restore' as const, tag: 'web' as Tag, parents: true, refuseIfElsewhere: false };

test('a restore on the other node is a switchover: all goes there, and that node is asked for', () => {
  const answer = answerCommand(pair, seenByBeta(), restore);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  expect(answer.value.request).toEqual({ id, node: beta });
  expect([...answer.value.intents].sort()).toEqual(['db', 'web']);
  expect(answer.value.plan.steps.map(({ node, action, tag }) => `${node} ${action} ${tag}`)).toEqual([
    'alpha remove web',
    'alpha remove db',
    'beta restore db',
    'beta restore web',
  ]);
});

test('a restore that must not take it from another node is refused', () => {
  const answer = answerCommand(pair, seenByBeta(), { ...restore, refuseIfElsewhere: true });
  expect(answer).toMatchObject({ ok: false, problems: [{ code: 'ELSEWHERE' }] });
});

test('a node that is down cannot be asked for', () => {
  const view = seenByBeta();
  const nodes = { ...view.nodes, [beta]: { alive: 'gone' as const } };
  const answer = answerCommand(pair, { ...view, nodes }, { ...restore, node: beta });
  expect(answer).toMatchObject({ ok: false, problems: [{ code: 'NOT_ELIGIBLE' }] });
});

test('a remove on a node where nothing runs takes nothing down elsewhere, and says where it is', () => {
  const remove = { action: 'remove' as const, tag: 'db' as Tag, reach: 'above' as const };
  const here = answerCommand(pair, seenByBeta(), { ...remove, here: true });
  expect(here).toMatchObject({ ok: true, value: { intents: [], plan: { steps: [] } } });
  const anywhere = answerCommand(pair, seenByBeta(), remove);
  if (!anywhere.ok) throw new Error(JSON.stringify(anywhere.problems));
  expect(show(anywhere.value.plan)).toBe(text`
    remove web: rests on db
    remove db after web: requested
  `);
});

test('what was taken down with its node waits for it, until another node is asked for', () => {
  const view = seenByBeta();
  const claim = { ...view.claims[id]!, clean: true, stays: true };
  const waiting = {
    ...view,
    claims: { [id]: claim },
    nodes: { ...view.nodes, [alpha]: { alive: 'gone' as const } },
  };
  const named = { id, hierarchy: pair.hierarchies[0]! };
  expect(chooseOwner(named, waiting)).toBe(alpha);
  expect(chooseOwner(named, { ...waiting, requests: { [id]: beta } })).toBe(beta);
});
