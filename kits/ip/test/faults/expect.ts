import assert from 'node:assert/strict';
import type { Answer } from '../bench.ts';

/** The kit's answer is of this kind, and its evidence says so; answers both in words for the table. */
export function expectAnswer(answer: Answer, kind: string, evidence: string | RegExp = /./): string {
  const seen = `${answer.result ?? answer.finding}: ${answer.evidence}`;
  assert.equal(answer.result ?? answer.finding, kind, seen);
  if (typeof evidence === 'string') assert(answer.evidence.includes(evidence), seen);
  else assert.match(answer.evidence, evidence);
  return seen;
}
