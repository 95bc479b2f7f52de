import { parseArgs } from 'node:util';
import { cli } from './cli.ts';
import { describeMachine, type Machine } from './describeMachine.ts';
import { failover } from './failover.ts';
import { idle } from './idle.ts';
import { kits } from './kits.ts';
import type { Line } from './measure.ts';
import { bringPeer } from './peers/bringPeer.ts';
import { plan } from './plan.ts';
import { recovery } from './recovery.ts';
import { runBenchmark } from './run.ts';
import { tableRow, tableTop } from './table.ts';

const benchmarks = [plan, runBenchmark, recovery, failover, kits, idle, cli];

/** `npm run bench [-- NAME ...] [--json | --table] [--runs N]` */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    runs: { type: 'string' },
  },
});
const refusal = refuse();
if (refusal !== undefined) {
  console.error(refusal);
  process.exit(2);
}
const startedAt = performance.now();
const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
// One that can not be had is told in its place, by the benchmark that misses it.
for (const peer of new Set(chosen.flatMap(({ peers }) => peers ?? []))) await bringPeer(peer);
sayMachine(await describeMachine());
for (const benchmark of chosen) {
  if (values.table) console.log(tableTop(benchmark));
  else if (!values.json) console.log(`\n${benchmark.name}: ${benchmark.measures}`);
  const runs = values.runs === undefined ? (benchmark.runs ?? 10) : Number(values.runs);
  for await (const line of benchmark.run({ runs })) sayLine(line);
}
console.error(`\nThe whole took ${Math.round((performance.now() - startedAt) / 1_000)} s.`);

function refuse(): string | undefined {
  const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0)
    return `There is no benchmark ${unknown.join(', ')}; there are ${benchmarks.map(({ name }) => name).join(', ')}.`;
  if (values.runs !== undefined && !/^[1-9]\d{0,4}$/.test(values.runs))
    return `--runs is a whole number from 1 on, not ${values.runs}.`;
  if (values.json && values.table) return '--json and --table are two ways of printing: give one of them.';
  return undefined;
}

function sayMachine(machine: Machine): void {
  if (values.json) console.log(JSON.stringify({ machine }));
  else console.log(Object.values(machine).join('; '));
}

function sayLine(line: Line): void {
  console.log(values.json ? JSON.stringify(line) : values.table ? tableRow(line) : say(line));
}

function say(line: Line): string {
  if ('missing' in line) return `  ${line.name.padEnd(40)} not measured: ${line.missing}`;
  const { name, unit, p50, p99, min, max, n, against, ratio } = line;
  const besides = ratio === undefined ? '' : `   ${ratio} x ${against}`;
  return `  ${name.padEnd(40)} p50 ${p50} ${unit}  p99 ${p99}  (${min} to ${max}, n ${n})${besides}`;
}
