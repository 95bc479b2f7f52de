import { CannotBeTried, checkConformance, type Row } from '../conformance/checkConformance.ts';
import { run } from '../run.ts';
import { openKit } from './openKit.ts';
import { openWorld } from './openWorld.ts';
import { print } from './print.ts';
import { readWords } from './readWords.ts';
import { UsageError } from './usageError.ts';

/** `holdfast kit test`: every rule of the conformance suite, a row each. */
export async function testCommand(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(words, {
    world: { type: 'string' },
    settings: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [name, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`too many words: ${others.join(' ')}`);
  const kit = await openKit(name);
  const { world, from, close } = await openWorld({
    kit: name!,
    world: values.world,
    settings: values.settings,
  });
  try {
    await inOrder(world.prepare, 'prepare');
    const rows = await checkConformance(kit, world);
    const counts = countRows(rows);
    print(values.json, { version: 1, kit: kit.type, world: from, ...counts, rows }, () =>
      [
        `${kit.type}: ${rows.length} rules, tried with ${from}`,
        ...rows.map(showRow),
        '',
        sayCounts(counts),
      ].join('\n'),
    );
    return counts.failed > 0 ? 1 : 0;
  } catch (error) {
    if (error instanceof CannotBeTried) throw new UsageError(`it cannot be tried: ${error.message}`);
    throw error;
  } finally {
    await inOrder(world.cleanUp, 'cleanUp').finally(close);
  }
}

async function inOrder(commands: readonly (readonly [string, ...string[]])[], what: string): Promise<void> {
  for (const argv of commands) {
    const ran = await run(argv as [string, ...string[]], { budgetMs: 60_000 });
    if (!ran.ok) throw new UsageError(`${what} of the world: ${ran.says}`);
  }
}

type Counts = Readonly<{ passed: number; failed: number; notApplicable: number }>;

function countRows(rows: readonly Row[]): Counts {
  const count = (outcome: Row['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed'), notApplicable: count('not-applicable') };
}

function sayCounts({ passed, failed, notApplicable }: Counts): string {
  const rest = notApplicable === 0 ? '' : `, ${notApplicable} not tried`;
  return failed === 0
    ? `All rules that were tried are kept: ${passed}${rest}.`
    : `${failed} broken, ${passed} kept${rest}.`;
}

function showRow({ rule, outcome, saw, mend }: Row): string {
  const words = { passed: 'passed', failed: 'FAILED', 'not-applicable': 'not tried' }[outcome];
  const more = outcome === 'failed' ? `\n            mend  ${mend}` : '';
  return `${words.padEnd(12)}${rule}\n            saw   ${saw.replaceAll('\n', ' ')}${more}`;
}
