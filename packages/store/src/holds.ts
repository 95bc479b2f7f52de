import { canonicalJson } from './canonicalJson.ts';
import type { Condition, Entry } from './contract.ts';

/** Whether a condition holds for a key as it stands; undefined where the key is not there. */
export function holds(condition: Condition, entry: Entry | undefined): boolean {
  if ('revision' in condition) return (entry?.revision ?? 0) === condition.revision;
  return entry !== undefined && canonicalJson(entry.value) === canonicalJson(condition.value);
}
