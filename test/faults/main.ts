import { parseArgs } from 'node:util';
import type { FaultSuite } from '@holdfast/lab';

/**
 * `npm run kits:faults [-- KIT ...] [--json]`: injects every fault of every kit, the long ones too, and prints the
 * table: what fails, the response that it must get, the one that was seen, and the time until it served again.
 */
const kits = ['ip', 'filesystem', 'postgresql', 'postfix'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});

let failures = 0;
for (const kit of kits) {
  if (positionals.length > 0 && !positionals.includes(kit)) continue;
  const { faults } = (await import(`../../kits/${kit}/test/faults.ts`)) as { faults: FaultSuite<unknown> };
  await runSuite(faults);
}
console.log(
  failures === 0
    ? '\nEvery fault got the response that it must get.'
    : `\n${failures} did not get the response that they must get.`,
);
process.exit(failures === 0 ? 0 : 1);

async function runSuite<Bench>(suite: FaultSuite<Bench>): Promise<void> {
  const bench = await suite.open();
  if (!values.json) console.log(`\n${suite.kit}: ${suite.faults.length} faults`);
  try {
    const bystander = await suite.bystander?.(bench);
    for (const fault of suite.faults) {
      await suite.reset(bench);
      const row = await fault
        .run(bench)
        .then(async ({ seen, healthyMs }) => {
          const disturbed = (await suite.bystander?.(bench)) !== bystander;
          if (disturbed) throw new Error(`the bystander was disturbed: ${seen}`);
          return { passed: true, seen, healthyMs };
        })
        .catch((error: unknown) => ({
          passed: false,
          seen: error instanceof Error ? error.message : String(error),
          healthyMs: undefined,
        }));
      if (!row.passed) failures += 1;
      say({ kit: suite.kit, fault: fault.name, expected: fault.expected, ...row });
    }
  } finally {
    await suite.close(bench);
  }
}

function say(row: {
  kit: string;
  fault: string;
  expected: string;
  passed: boolean;
  seen: string;
  healthyMs: number | undefined;
}): void {
  if (values.json) {
    console.log(JSON.stringify(row));
    return;
  }
  const healthy = row.healthyMs === undefined ? '' : `  healthy after ${Math.round(row.healthyMs)} ms`;
  console.log(
    `  ${row.passed ? 'ok    ' : 'FAILED'}  ${row.fault}${healthy}\n            expected  ${row.expected}\n            seen      ${row.seen.split('\n').join('\n                      ')}`,
  );
}
