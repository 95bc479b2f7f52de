import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/** Compares text with its file under golden/. HOLDFAST_REWRITE_GOLDEN=1 writes the files anew; review the difference. */
export function expectGolden(name: string, lines: readonly string[]): void {
  const file = new URL(`../golden/${name}.txt`, import.meta.url);
  const text = `${lines.join('\n')}\n`;
  if (process.env.HOLDFAST_REWRITE_GOLDEN === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
