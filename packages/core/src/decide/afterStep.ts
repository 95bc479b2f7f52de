import type { Finding, StepAction } from '../vocabulary.ts';
import { recentRepairs } from './judgeRecovery.ts';
import type { StateRecord } from './view.ts';

/** What the engine reports of a step that ended. */
export type StepFacts = Readonly<{
  record: StateRecord;
  action: StepAction;
  result: 'done' | 'failed' | 'cancelled';
  evidence: string;
  todo: string;
  /** What a check found afterwards, where the result alone does not say how it stands. */
  finding: Finding | undefined;
  at: number;
  intentRevision: number;
  basis: string;
}>;

/**
 * The record of a resource before a step begins: it says that the step is under way, and a repair is counted before
 * it is tried, so that one which kills the agent counts too.
 */
export function beforeStep(
  record: StateRecord,
  action: StepAction,
  within: number,
  now: number,
): StateRecord {
  const kind = record.failure?.kind;
  const isRepair =
    kind === 'interrupted' || kind === 'recover' || (kind === 'restore' && record.repairs.length > 0);
  if (!isRepair || action === 'restore') return { ...record, begun: action };
  return { ...record, begun: action, repairs: [...recentRepairs(record.repairs, within, now), now] };
}

/** The record of a step that was called off before it touched anything. */
export function withoutStep({ begun: _, ...record }: StateRecord): StateRecord {
  return record;
}

/** The record that an agent finds after the death of another: what was under way then is not known now. */
export function afterDeath(record: StateRecord, { isPaused }: { isPaused: boolean }): StateRecord {
  // The pause ended, and the agent died before it could look: nobody has, so nothing is known.
  if (record.state === 'ISU' && !isPaused)
    return { ...record, state: 'ILLSTATE', reason: 'protection resumes' };
  // Somebody may have started it since, and its parents and children are acted on as if it were surely out.
  if (record.begun === undefined && record.state === 'OSU' && !isPaused)
    return { ...record, state: 'ILLSTATE', reason: 'not checked since the agent began' };
  if (record.begun === undefined) return record;
  const reason = `the agent died during its ${record.begun}`;
  return { ...record, state: 'ILLSTATE', reason };
}

/** The record of a resource after a step: where it stands now, and what failed. */
export function afterStep(facts: StepFacts): StateRecord {
  const { record, action, result, evidence, at } = facts;
  // The last check was of before the step.
  const { failure: _, begun: __, lastCheck: ___, ...rest } = record;
  if (result === 'done' && action === 'remove') {
    return { ...rest, state: 'OSU', reason: 'remove has succeeded', since: at, conditions: [] };
  }
  if (result === 'done') {
    return { ...rest, state: 'ISP', reason: `${action} has succeeded`, since: at, rises: record.rises + 1 };
  }
  if (result === 'cancelled') return afterCancel(facts, rest);

  const { todo, intentRevision, basis } = facts;
  const failure = { kind: action, evidence, todo, at, intentRevision, basis };
  const runs = facts.finding === 'in-service' || facts.finding === 'degraded';
  // A failed remove of what still serves leaves it in service: it is not protected any worse than before.
  const state = action === 'remove' && runs ? 'ISP' : 'OSF';
  return { ...rest, state, reason: evidence, since: at, failure };
}

/** A step that was stopped half-way is no failure; where it stands is what the check found. */
function afterCancel({ record, action, evidence, finding, at }: StepFacts, rest: StateRecord): StateRecord {
  const reason = `${action} was stopped: ${evidence}`;
  if (finding === 'in-service' || finding === 'degraded')
    return { ...rest, state: 'ISP', reason, since: at, rises: record.rises + 1 };
  if (finding === 'out-of-service') return { ...rest, state: 'OSU', reason, since: at };
  return { ...rest, state: 'OSF', reason, since: at };
}
