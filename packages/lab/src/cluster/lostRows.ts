import { must } from '../labHost.ts';
import type { Lab } from '../openLab.ts';

/** Of these rows, which the client was told are written, those that are not there. */
export async function lostRows(
  { client }: Lab,
  address: string,
  rows: readonly number[],
): Promise<readonly number[]> {
  const pieces: string[] = [];
  const argv = ['psql', '-h', address, '-U', 'postgres', '-XAtc', 'select row from seen'] as const;
  await must(client, argv, { budgetMs: 30_000, onOutput: (text) => pieces.push(text) });
  const there = new Set(pieces.join('').trim().split('\n').map(Number));
  return rows.filter((row) => !there.has(row));
}
