import type { Condition } from '@holdfast/kit';
import { fullCondition, type ServerAnswer } from './serverAnswer.ts';

/**
 * One question for all that a check wants to know: does it answer, is there room for one more client, does it take
 * writes, and where it should listen. The setting `reserved_connections` came with version 16.
 */
export const question = [
  "select 'served'",
  "(select count(*) from pg_catalog.pg_stat_activity where backend_type = 'client backend')",
  "current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int",
  'pg_catalog.pg_is_in_recovery()',
  "current_setting('listen_addresses')",
].join(', ');

/** Reads the row that answers the question; undefined when it is something else. */
export function readAnswer(text: string, port: number): ServerAnswer | undefined {
  const row = /^served\|(\d+)\|(-?\d+)\|([tf])\|(.*)$/m.exec(text);
  if (row === null) return undefined;
  const [used, room] = [Number(row[1]), Number(row[2])];
  const listenAddresses = row[4]!;
  const conditions: Condition[] = [];
  if (row[3] === 't') {
    conditions.push({
      code: 'in-recovery',
      says: 'it recovers or follows another server, and takes no writes',
    });
  }
  if (used < room) {
    const says = `it answers on port ${port}, ${used} of ${room} connections in use`;
    return { finding: 'in-service', says, conditions, listenAddresses };
  }
  const says = `all ${room} connections that clients may have are in use`;
  return {
    finding: 'degraded',
    says,
    conditions: [...conditions, fullCondition(says)],
    listenAddresses,
  };
}
