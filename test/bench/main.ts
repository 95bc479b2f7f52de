import { parseArgs } from 'node:util';
import { cli } from './cli.ts';
import { idle } from './idle.ts';
import { kits } from './kits.ts';
import type { Figure } from './measure.ts';
import { plan } from './plan.ts';
import { recovery } from './recovery.ts';

const benchmarks = [plan, recovery, kits, idle, cli];

/** `npm run bench [-- NAME ...] [--json] [--runs N]` */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string' } },
});
const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are ${benchmarks.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
for (const benchmark of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
  if (!values.json) console.log(`\n${benchmark.name}: ${benchmark.measures}`);
  const runs = values.runs === undefined ? (benchmark.runs ?? 10) : Number(values.runs);
  for await (const figure of benchmark.run({ runs }))
    console.log(values.json ? JSON.stringify(figure) : say(figure));
}

function say({ name, unit, p50, p99, min, max, n, against, ratio }: Figure): string {
  const beside = ratio === undefined ? '' : `   ${ratio} x ${against}`;
  return `  ${name.padEnd(40)} p50 ${p50} ${unit}  p99 ${p99}  (${min} to ${max}, n ${n})${beside}`;
}
