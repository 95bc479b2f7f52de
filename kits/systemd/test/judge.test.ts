import { describe, expect, test } from '@jest/globals';
import { findDoubts, findObstacles } from '../src/findObstacles.ts';
import { kit } from '../src/index.ts';
import { judge } from '../src/judge.ts';
import type { Unit } from '../src/readUnit.ts';

const plain = {
  ...{ Id: 'a.service', LoadState: 'loaded', LoadError: '', ActiveState: 'active', SubState: 'running' },
  ...{ UnitFileState: 'disabled', Type: 'simple', RemainAfterExit: 'no', Restart: 'no', Result: 'success' },
  ...{ KillMode: 'control-group', ExecMainStatus: '0', StatusText: '', ControlGroup: '' },
  ...{ NeedDaemonReload: 'no', TriggeredBy: '', WantedBy: '', RequiredBy: '', Job: '' },
  ...{ TimeoutStartUSec: '', TimeoutStopUSec: '' },
} satisfies Unit;

describe('a unit that is', () => {
  test.each([
    ['active', 'running', [], 'in-service'],
    ['active', 'exited', [], 'in-service'],
    ['reloading', 'reload', [], 'in-service'],
    ['activating', 'start-pre', [], 'degraded'],
    ['activating', 'auto-restart', [], 'failed'],
    ['deactivating', 'stop-sigterm', [7], 'failed'],
    ['maintenance', 'maintenance', [], 'failed'],
    ['inactive', 'dead', [], 'out-of-service'],
    ['failed', 'failed', [], 'out-of-service'],
    ['failed', 'failed', [7], 'failed'],
    ['something', 'new', [], 'failed'],
  ] as const)('%s (%s), with the processes %j, is %s', (ActiveState, SubState, processes, finding) => {
    expect(judge({ ...plain, ActiveState, SubState }, processes).finding).toBe(finding);
  });

  test('changed on disk and not read again has a condition', () => {
    expect(judge({ ...plain, NeedDaemonReload: 'yes' }, []).conditions).toEqual([
      expect.objectContaining({ code: 'needs-daemon-reload' }),
    ]);
  });
});

test.each([
  [{ UnitFileState: 'enabled' }, 'systemctl disable a.service'],
  [{ LoadState: 'masked', UnitFileState: 'masked' }, 'systemctl unmask a.service'],
  [{ LoadState: 'not-found' }, 'list-unit-files'],
  [{ LoadState: 'bad-setting' }, 'systemd-analyze verify'],
  [{ Type: 'oneshot' }, 'RemainAfterExit=yes'],
])('%j keeps it from being a resource, and is told with what to do', (given, todo) => {
  expect(findObstacles({ ...plain, ...given })).toEqual([
    { says: expect.stringContaining('a.service'), todo: expect.stringContaining(todo) },
  ]);
});

test('a plain unit has no obstacle and no doubt; what fights with the engine is a doubt', () => {
  expect(findObstacles(plain)).toEqual([]);
  expect(findDoubts(plain)).toEqual([]);
  const fights = { Restart: 'always', KillMode: 'process', TriggeredBy: 'a.socket', WantedBy: 'b.target' };
  expect(findDoubts({ ...plain, ...fights })).toHaveLength(4);
});

test.each([['nginx'], ['x.scope'], ['getty@.service'], ['-x.service'], ['a b.service'], ['../x.service']])(
  'the name %s is refused',
  (unit) => {
    expect(kit.settings.safeParse({ unit }).success).toBe(false);
  },
);
