import { type CheckAction, type Finding, isInService, type Want } from '../vocabulary.ts';
import type { StateRecord } from './view.ts';

export type CheckFacts = Readonly<{
  record: StateRecord;
  action: CheckAction;
  check: Readonly<{
    finding: Finding;
    evidence: string;
    at: number;
    tookMs: number;
    conditions: StateRecord['conditions'];
  }>;
  /** How many checks in a row said that it failed, before this one. */
  badInARow: number;
  /** The policy: so many in a row are a failure. */
  inARow: number;
  want: Want;
  intentRevision: number;
  basis: string;
}>;

export type AfterCheck = Readonly<{
  record: StateRecord;
  badInARow: number;
  /** It runs though nobody asked for it: it is taken over as it is, and wanted from now on. */
  isAdopted: boolean;
}>;

/**
 * What a check means for the record of a resource. A check alone never starts or stops anything: it says what is,
 * and the decision follows from that.
 *
 *   finding \ state   ISP           OSU                OSF                        ILLSTATE
 *   in service        stays         ISP, found         ISP, unless remove failed  ISP, found
 *   out of service    OSF           stays              OSU if unwanted, removed   OSU
 *   failed            OSF, in a row OSF                stays                      OSF
 *   timeout           OSF, in a row stays              stays                      stays
 *   unknown           stays         stays              stays                      stays
 */
export function afterCheck(facts: CheckFacts): AfterCheck {
  const { record, check, want } = facts;
  const { conditions, ...lastCheck } = check;
  const known: StateRecord = { ...record, lastCheck, conditions };
  const stays = { record: known, badInARow: 0, isAdopted: false };
  const runs = check.finding === 'in-service' || check.finding === 'degraded';
  if (check.finding === 'unknown') return { ...stays, badInARow: facts.badInARow };

  switch (record.state) {
    case 'ISP':
    case 'ISU': {
      if (runs || record.state === 'ISU') return stays;
      const badInARow = facts.badInARow + 1;
      if (badInARow < facts.inARow) return { ...stays, badInARow };
      return { ...stays, record: interrupted(known, facts) };
    }
    case 'OSU':
      if (runs) return { ...stays, record: foundRunning(known, facts), isAdopted: want === 'outOfService' };
      // Something of it is there: what it needs must not be taken away under it.
      return check.finding === 'failed' ? { ...stays, record: interrupted(known, facts) } : stays;
    case 'OSF':
      if (runs && record.failure?.foundBy === 'deepCheck' && facts.action === 'quickCheck') return stays;
      if (runs && record.failure?.kind !== 'remove') return { ...stays, record: foundRunning(known, facts) };
      // A remove that failed and left nothing is over: other nodes wait for that, and nobody would ask for it again.
      if (
        check.finding === 'out-of-service' &&
        (want === 'outOfService' || record.failure?.kind === 'remove')
      )
        return { ...stays, record: foundOut(known, facts) };
      return stays;
    case 'ILLSTATE':
      // What an agent that died was at work on was asked for: it is no stranger.
      if (runs)
        return {
          ...stays,
          record: foundRunning(known, facts),
          isAdopted: want === 'outOfService' && record.begun === undefined,
        };
      if (check.finding === 'out-of-service') return { ...stays, record: foundOut(known, facts) };
      return check.finding === 'failed' ? { ...stays, record: interrupted(known, facts) } : stays;
  }
}

function foundRunning(record: StateRecord, { check }: CheckFacts): StateRecord {
  const { failure: _, begun: __, ...rest } = record;
  const rises = isInService(record.state) ? record.rises : record.rises + 1;
  return { ...rest, state: 'ISP', reason: `found in service: ${check.evidence}`, since: check.at, rises };
}

function foundOut(record: StateRecord, { check }: CheckFacts): StateRecord {
  const { failure: _, begun: __, ...rest } = record;
  return { ...rest, state: 'OSU', reason: `found out of service: ${check.evidence}`, since: check.at };
}

function interrupted(record: StateRecord, { action, check, intentRevision, basis }: CheckFacts): StateRecord {
  const failure = {
    kind: 'interrupted' as const,
    foundBy: action,
    evidence: check.evidence,
    todo: '',
    at: check.at,
    intentRevision,
    basis,
  };
  const { begun: _, ...rest } = record;
  return { ...rest, state: 'OSF', reason: check.evidence, since: check.at, failure };
}
