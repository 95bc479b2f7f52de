import { type CheckResult, found } from '@holdfast/kit';
import type { Unit } from './readUnit.ts';

/**
 * What a state of systemd means.
 *
 *   active, reloading, refreshing   in service
 *   activating                      degraded: it comes up, and somebody asked for it
 *   activating (auto-restart)       failed: it died, and systemd will start it in its own time
 *   deactivating, maintenance       failed: something is there that will not serve
 *   inactive, failed                out of service, unless a process of it is left
 */
export function judge(unit: Unit, processes: readonly number[]): CheckResult {
  const { ActiveState, SubState } = unit;
  const says = `${unit.Id} is ${ActiveState} (${SubState})${resultOf(unit)}`;
  switch (ActiveState) {
    case 'active':
      return found('in-service', says, conditionsOf(unit));
    case 'reloading':
    case 'refreshing':
      return found('in-service', says, conditionsOf(unit));
    case 'activating':
      return SubState.startsWith('auto-restart')
        ? found('failed', `${says}: it ended, and systemd waits before it starts it again`)
        : found('degraded', says);
    case 'inactive':
    case 'failed': {
      if (processes.length === 0) return found('out-of-service', says);
      return found('failed', `${says}, but ${processes.length} of its processes run: ${sayPids(processes)}`);
    }
    default:
      return found('failed', says);
  }
}

export function sayPids(pids: readonly number[]): string {
  return `${pids.slice(0, 5).join(', ')}${pids.length > 5 ? ' and others' : ''}`;
}

/** How it ended, when it did not end well. */
function resultOf({ Result, ExecMainStatus }: Unit): string {
  if (Result === '' || Result === 'success') return '';
  return `: ${Result}${ExecMainStatus === '' || ExecMainStatus === '0' ? '' : `, status ${ExecMainStatus}`}`;
}

function conditionsOf({ Id, NeedDaemonReload }: Unit): NonNullable<CheckResult['conditions']> {
  if (NeedDaemonReload !== 'yes') return [];
  return [
    {
      code: 'needs-daemon-reload',
      says: `the file of ${Id} was changed, and systemd has not read it: systemctl daemon-reload`,
    },
  ];
}
