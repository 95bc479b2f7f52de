import type { ApplyAnswer } from '@holdfast/core';
import { stringify } from 'yaml';
import type { Paint } from '../program/screen.ts';

type Change = ApplyAnswer['changes'][number];

/**
 * The difference between two documents, by path. Values are shown whole, since they are what is about to be applied:
 *
 *     + resources.pg-ip
 *         type: ip
 *     - resources.old
 *     ~ policy.quickCheck.every: 10s -> 5s
 */
export function showChanges(changes: readonly Change[], paint: Paint): string[] {
  return changes.flatMap((change) => showChange(change, paint));
}

function showChange({ kind, path, before, after }: Change, paint: Paint): string[] {
  switch (kind) {
    case 'added':
      return named(paint.good('+'), path, after);
    case 'removed':
      return [`${paint.bad('-')} ${path}`];
    case 'changed':
      return [`${paint.warning('~')} ${path}: ${inline(before)} -> ${inline(after)}`];
  }
}

function named(sign: string, path: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [`${sign} ${path}: ${inline(value)}`];
  const block = stringify(value, { lineWidth: 0 }).trimEnd().split('\n');
  return [`${sign} ${path}`, ...block.map((line) => `    ${line}`)];
}

function inline(value: unknown): string {
  return value === undefined
    ? 'nothing'
    : stringify(value, { lineWidth: 0, collectionStyle: 'flow' }).trimEnd();
}
