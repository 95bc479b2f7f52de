import { z } from 'zod';
import { checkConformance, type Row } from '../conformance/checkConformance.ts';
import { worldSchema } from '../conformance/world.ts';
import { openKit } from './openKit.ts';
import { print } from './print.ts';
import { readJson } from './readJson.ts';
import { readWords } from './readWords.ts';
import { UsageError } from './usageError.ts';

/** `holdfast kit test`: every rule of the conformance suite, a row each. */
export async function testCommand(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(words, {
    world: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [name, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`too many words: ${others.join(' ')}`);
  const kit = await openKit(name);
  const world = worldSchema.safeParse(await readJson(values.world, 'world'));
  if (!world.success) throw new UsageError(`the world is refused:\n${z.prettifyError(world.error)}`);
  const rows = await checkConformance(kit, world.data);
  print(values.json, { version: 1, kit: kit.type, rows }, () => rows.map(showRow).join('\n'));
  return rows.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

function showRow({ rule, outcome, saw, mend }: Row): string {
  const words = { passed: 'passed', failed: 'FAILED', 'not-applicable': 'does not apply' }[outcome];
  return `${words.padEnd(15)}${rule}\n                 saw   ${saw}${outcome === 'failed' ? `\n                 mend  ${mend}` : ''}`;
}
