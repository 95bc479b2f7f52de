import type { SaidPlan } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import { showDetails } from '../src/dialects/lifekeeper/showDetails.ts';
import { showTable } from '../src/dialects/lifekeeper/showTable.ts';
import { showChanges } from '../src/document/showChanges.ts';
import { showPlan } from '../src/follow/showPlan.ts';
import { showProblems } from '../src/problems/showProblems.ts';
import { ansiPaint, noPaint, screenOf } from '../src/program/screen.ts';
import { outline } from '../src/status/outline.ts';
import { sayAgent } from '../src/status/sayAgent.ts';
import { showOverview } from '../src/status/showOverview.ts';
import { expectGolden } from './support/golden.ts';
import { statusOf, troubled, writtenAt } from './support/statusOf.ts';

const width = 80;
const look = { width, paint: noPaint };
const now = writtenAt + 3_000;
const running = { agent: 'running', ageMs: 3_000 } as const;

/** Mail on two nodes, a database whose home is the other one. */
const twoNodes = statusOf(
  [
    {
      tag: 'postfix-mx',
      type: 'postfix',
      identity: 'postfix-/etc/postfix',
      needs: ['ip-10.20.0.50', '/srv/mail'],
    },
    { tag: 'ip-10.20.0.50', type: 'ip', identity: '10.20.0.50/24' },
    { tag: '/srv/mail', type: 'filesystem', identity: '/srv/mail', needs: ['device8811'] },
    { tag: 'device8811', identity: '360014057b5a3f1e0c7d4-1', needs: ['disk8702'] },
    { tag: 'disk8702', identity: '360014057b5a3f1e0c7d4' },
    {
      tag: 'pgsql-app',
      type: 'postgresql',
      identity: '/srv/pg/data',
      hierarchy: 'pgsql-app@2',
      state: 'OSU',
      want: 'outOfService',
      reason: 'in service on beta',
    },
  ],
  {
    nodes: [
      { name: 'alpha', state: 'ALIVE', mode: 'active' },
      { name: 'beta', state: 'DEAD', mode: 'standby' },
    ],
    hierarchies: [
      {
        id: 'postfix-mx@1',
        tags: [],
        owner: 'alpha',
        epoch: 3,
        nodes: [
          { node: 'alpha', priority: 1 },
          { node: 'beta', priority: 10 },
        ],
        switchback: 'INTELLIGENT',
      },
      {
        id: 'pgsql-app@2',
        tags: [],
        owner: null,
        epoch: 1,
        nodes: [
          { node: 'beta', priority: 1 },
          { node: 'alpha', priority: 10 },
        ],
        switchback: 'AUTOMATIC',
      },
    ],
  },
);

test('the short display has the columns of LifeKeeper', () => {
  expectGolden('table', showTable(twoNodes, { first: 'LOCAL', width }));
});

test('the backup display begins with the node that would be next', () => {
  expectGolden('table-backup', showTable(twoNodes, { first: 'BACKUP', width }));
});

test('the short display of one node', () => {
  expectGolden('table-one-node', showTable(troubled, { first: 'LOCAL', width }));
});

test('the short display of the tree under one tag', () => {
  const rows = showTable(twoNodes, { first: 'LOCAL', top: '/srv/mail', width });
  expect(rows.slice(1, 5).map((row) => row.split(/ +/)[1])).toEqual([
    '/srv/mail',
    'device8811',
    'disk8702',
    undefined,
  ]);
});

test('the detailed display says all of LifeKeeper and what it has no words for', () => {
  expectGolden('details', showDetails({ ...running, status: troubled }, { width }));
});

test('the detailed display of two nodes names the equivalencies', () => {
  expectGolden(
    'details-two-nodes',
    showDetails({ ...running, status: twoNodes }, { top: 'postfix-mx', width }),
  );
});

test('the overview says what is not as wanted, why, and what to do', () => {
  expectGolden('overview', showOverview({ ...running, status: troubled }, look, now));
});

test('the overview of two nodes, with an operation under way', () => {
  const operations = [
    { id: 'op-7', cause: 'restore of postfix-mx by eve (perform_action)', begunAt: now - 1_500 },
  ];
  expectGolden(
    'overview-two-nodes',
    showOverview({ ...running, status: { ...twoNodes, operations } }, look, now),
  );
});

/** A database that beta has; one way to beta is cut, and one member of etcd is gone. */
const cluster = statusOf(
  [
    {
      tag: 'pg',
      type: 'postgresql',
      identity: '/srv/pg/data',
      needs: ['pg-ip'],
      state: 'OSU',
      reason: 'removed',
      elsewhere: [{ node: 'beta', state: 'ISP', reason: 'restored', since: writtenAt - 60_000 }],
    },
    {
      tag: 'pg-ip',
      type: 'ip',
      identity: '10.77.0.50/24',
      state: 'OSU',
      reason: 'removed',
      elsewhere: [{ node: 'beta', state: 'ISP', reason: 'restored', since: writtenAt - 60_000 }],
    },
  ],
  {
    nodes: [
      { name: 'alpha', state: 'ALIVE', mode: 'active' },
      {
        name: 'beta',
        state: 'ALIVE',
        mode: 'active',
        paths: [
          { address: '10.20.1.2:7700', from: '10.20.1.1', state: 'ALIVE' },
          {
            address: '10.20.0.12:7700',
            from: '10.20.0.11',
            state: 'DEAD',
            lastHeardAt: writtenAt - 240_000,
            says: 'no answer within 1500 ms',
          },
        ],
        told: {
          version: '0.1.0',
          featureLevel: 1,
          phase: 'running',
          generation: 4,
          mayAct: true,
          clockAheadMs: -3_000,
        },
      },
    ],
    quorum: { isThere: true, says: 'this node has the right to act: a quorum of the store answers it' },
    store: {
      kind: 'etcd',
      members: [
        {
          endpoint: 'https://10.20.1.1:2379',
          name: 'alpha',
          id: 'a1',
          state: 'ALIVE',
          isLeader: true,
          version: '3.4.23',
        },
        {
          endpoint: 'https://10.20.1.2:2379',
          name: 'beta',
          id: 'b1',
          state: 'ALIVE',
          isLeader: false,
          version: '3.4.23',
        },
        {
          endpoint: 'https://10.20.1.3:2379',
          name: 'voter',
          state: 'DEAD',
          isLeader: false,
          says: 'https://10.20.1.3:2379: no connection within 500 ms',
        },
      ],
    },
  },
);

test('a cluster is shown with the states of all nodes, the ways between them, and its store', () => {
  expectGolden('overview-cluster', showOverview({ ...running, status: cluster }, look, now));
  expectGolden('table-cluster', showTable(cluster, { first: 'LOCAL', width }));
  expectGolden('details-cluster', showDetails({ ...running, status: cluster }, { width }));
});

test('without a quorum that is said, and how old what is shown is', () => {
  const says = 'the store does not answer, so this agent could not begin';
  const waits = {
    ...cluster,
    quorum: { isThere: false, says: 'the store does not answer: nothing is begun before it does' },
    lastKnown: { at: writtenAt - 125_000, says },
  };
  expectGolden('overview-waiting', [
    ...sayAgent({ ...running, status: waits }, look),
    ...showOverview({ ...running, status: waits }, look, now).slice(0, 12),
  ]);
});

test('the overview names the kits that do not serve', () => {
  const kits = [
    { name: 'ip', type: 'ip', thread: 'agent' as const, state: 'loaded' as const, says: 'An address.' },
    {
      name: './gone',
      thread: 'own' as const,
      state: 'refused' as const,
      says: 'There is no kit ./gone: /etc/holdfast/gone is not there',
      todo: 'install the kit, or correct its name; a path begins with / or ./',
    },
  ];
  const few = { ...statusOf([]), hierarchies: [], kits };
  expectGolden('overview-kits', showOverview({ ...running, status: few }, look, now));
});

test('the overview before anything was applied says how to begin', () => {
  const empty = { ...statusOf([]), hierarchies: [], generation: 0 };
  expectGolden('overview-empty', showOverview({ ...running, status: empty }, look, now));
});

test('an agent that is down is said before everything else, and how old the status is', () => {
  const found = { status: troubled, ageMs: 125_000, agent: 'down' } as const;
  const screen = { ...look, print: () => undefined, isTerminal: false };
  expectGolden('agent-down', sayAgent(found, screen));
  expect(sayAgent({ ...found, agent: 'running' }, screen)).toEqual([]);
});

const plan: SaidPlan = {
  steps: [
    step('pg-disk', [], 'pg needs it'),
    step('pg', ['pg-disk', 'pg-ip'], 'requested'),
    step('pg-ip', [], 'pg needs it'),
    step('app', ['pg'], 'rests on pg'),
  ].sort((a, b) => a.after.length - b.after.length || (a.tag < b.tag ? -1 : 1)),
  notes: [
    {
      tag: 'report',
      because: { code: 'left-out', of: 'pg', says: 'report needs pg, and parents were left out' },
    },
  ],
};
function step(tag: string, after: string[], says: string) {
  const because = { code: 'requested', says };
  return {
    id: `alpha:restore:${tag}`,
    node: 'alpha',
    tag,
    action: 'restore' as const,
    after: after.map((other) => `alpha:restore:${other}`),
    because,
  };
}

test('a plan says order, what runs at the same time, why, and what will not happen', () => {
  const inOrder = ['pg-disk', 'pg-ip', 'pg', 'app'].map((tag) => plan.steps.find((one) => one.tag === tag)!);
  expectGolden('plan', showPlan({ ...plan, steps: inOrder }, width));
});

test('problems say what, where and why, and what to do, within the width', () => {
  expectGolden(
    'problems',
    showProblems(
      [
        {
          code: 'CYCLE',
          path: 'resources.db',
          place: 'hierarchy.yaml:14',
          what: 'These resources need each other, so none can be restored first: db -> disk -> lock -> db',
          why: 'lock needs, or comes after, db',
          todo: 'remove one of the three needs, then apply again',
        },
        {
          code: 'HIERARCHY_NAMED_TWICE',
          path: 'hierarchies.db',
          place: 'hierarchy.yaml:20',
          what: 'db and disk are in one hierarchy, which is described twice',
          why: 'they are connected through needs, so they move as one',
          todo: 'join the two entries under db',
        },
      ],
      look,
    ),
  );
});

test('a difference shows new parts whole and changed values side by side', () => {
  expectGolden(
    'changes',
    showChanges(
      [
        {
          kind: 'added',
          path: 'resources.pg-ip',
          after: { type: 'ip', settings: { address: '10.77.0.50/24', device: 'eth0' } },
        },
        { kind: 'added', path: 'policy.failover.enabled', after: false },
        { kind: 'removed', path: 'resources.old', before: { type: 'ip' } },
        { kind: 'changed', path: 'policy.quickCheck.every', before: '10s', after: '5s' },
        { kind: 'changed', path: 'resources.pg.needs', before: ['pg-ip'], after: ['pg-ip', 'pg-disk'] },
      ],
      noPaint,
    ),
  );
});

test('what a program said cannot steer the terminal', () => {
  const [, why] = showProblems(
    [{ code: 'X', path: '', what: 'w', why: 'a\u001b[2Jb\u0007\nc', todo: 't' }],
    look,
  );
  expect(why).toBe('  why   a?[2Jb? c');
});

test('a resource that several need stands once, under the first that reaches it', () => {
  const { resources } = statusOf([
    { tag: 'web', needs: ['ip', 'disk'] },
    { tag: 'mail', needs: ['ip'] },
    { tag: 'ip' },
    { tag: 'disk', needsAny: ['path-1', 'ip'] },
    { tag: 'path-1', after: ['mail'] },
  ]);
  const rows = outline(resources).map(({ resource, depth }) => `${' '.repeat(depth)}${resource.tag}`);
  expect(rows).toEqual(['web', ' ip', ' disk', '  path-1', 'mail']);
});

test('tags of 256 characters and a chain of 500 fit in 80 columns, and no row is lost', () => {
  const long = 'x'.repeat(250);
  const tags = Array.from({ length: 500 }, (_, index) => `${long}${String(index).padStart(6, '0')}`);
  const status = statusOf(
    tags.map((tag, index) => ({ tag, state: 'ILLSTATE' as const, needs: tags.slice(index + 1, index + 2) })),
    { node: 'n'.repeat(64), nodes: [{ name: 'n'.repeat(64), state: 'ALIVE', mode: 'active' }] },
  );
  const table = showTable(status, { first: 'LOCAL', width });
  expect(table.filter((line) => line.length > width)).toEqual([]);
  expect(table).toHaveLength(1 + 500 + 1 + 1);
  for (const index of [0, 499]) expect(table[1 + index]).toContain(String(index).padStart(4, '0'));

  const overview = showOverview(
    {
      ...running,
      status: { ...status, hierarchies: status.hierarchies.map((one) => ({ ...one, owner: 'alpha' })) },
    },
    look,
    now,
  );
  const rows = overview.filter((line) => line.includes('ILLSTATE  '));
  expect(rows).toHaveLength(500);
  expect(rows.filter((line) => line.length > width)).toEqual([]);
});

test('the detailed display keeps long tags whole', () => {
  const tag = `${'x'.repeat(250)}000001`;
  const lines = showDetails(
    { ...running, status: statusOf([{ tag: 'a', needs: [tag] }, { tag }]) },
    { width },
  );
  expect(lines.filter((line) => line.includes(tag)).length).toBeGreaterThanOrEqual(2);
});

test('colour is for terminals, and NO_COLOR is respected', () => {
  const stream = (isTTY: boolean) => ({ isTTY, columns: 120 }) as NodeJS.WriteStream;
  expect(screenOf(stream(true), {})).toMatchObject({ width: 120, paint: ansiPaint });
  expect(screenOf(stream(true), { NO_COLOR: '1' }).paint).toBe(noPaint);
  expect(screenOf(stream(false), {})).toMatchObject({ width: 80, paint: noPaint });
});
