import type { Resource } from '../document/configuration.ts';
import { sayDuration } from '../duration.ts';
import { type Reason, reason } from '../plan/plan.ts';
import type { Intent, StateRecord } from './view.ts';

export type Verdict =
  | Readonly<{ next: 'restore' | 'recover' | 'restart'; because: Reason }>
  | Readonly<{ next: 'leave'; because: Reason }>;

export type Case = Readonly<{
  resource: Resource;
  record: StateRecord;
  intent: Intent;
  /** The basis of a try that would be made now. */
  basis: string;
}>;

/**
 * What to do about a resource that should be in service and is not.
 *
 *   out, or failed on another basis   restore
 *   failed at restore, same basis     leave: one try for each command; as part of a repair, restart within the policy
 *   interrupted                       recover where the kit can, else restart, within the policy's count and period
 *   recover failed                    restart it with what rests on it: the next larger repair
 *   repairs spent, same basis         leave, until something changes
 */
export function judgeRecovery({ resource, record, intent, basis }: Case): Verdict {
  const { tag, policy } = resource;
  const { failure } = record;
  if (failure === undefined)
    return { next: 'restore', because: reason('wanted', `wanted in service by ${intent.by}`) };
  if (failure.intentRevision !== intent.revision)
    return { next: 'restore', because: reason('wanted', `wanted in service by ${intent.by}`) };

  const { attempts, within } = policy.localRecovery;
  // Counted as of the failure and not as of now: what is spent stays so, however long nobody comes.
  const recent = recentRepairs(record.repairs, within, failure.at);
  // A command is one try: who gave it waits for the answer. A repair that nobody watches is tried as often as allowed.
  const isRepair = failure.kind === 'restore' && recent.some((at) => at >= intent.at);
  if (failure.kind === 'remove' || (failure.kind === 'restore' && !isRepair)) {
    if (failure.basis !== basis)
      return {
        next: 'restore',
        because: reason('wanted', `what it rests on changed since ${failure.kind} failed`),
      };
    return {
      next: 'leave',
      because: reason('failed-and-spent', `${failure.kind} failed: ${failure.evidence}`),
    };
  }

  if (policy.notificationOnly)
    return { next: 'leave', because: reason('notification-only', 'the policy is to report only') };
  if (!policy.localRecovery.enabled)
    return { next: 'leave', because: reason('recovery-disabled', 'local recovery is disabled') };
  if (recent.length >= attempts && failure.basis === basis) {
    return {
      next: 'leave',
      because: reason(
        'recovery-spent',
        `${recent.length} of ${attempts} repairs in ${sayDuration(within)} did not last: ${failure.evidence}`,
      ),
    };
  }
  if (failure.kind === 'recover' || failure.kind === 'restore') {
    return {
      next: 'restart',
      because: reason('recover-failed', `${failure.kind} of ${tag} failed: ${failure.evidence}`),
    };
  }
  const because = reason('check-failed', failure.evidence);
  return { next: resource.actions.includes('recover') ? 'recover' : 'restart', because };
}

/** Those that still count. */
export function recentRepairs(repairs: readonly number[], within: number, now: number): number[] {
  return repairs.filter((at) => at > now - within && at <= now);
}
