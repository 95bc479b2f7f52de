import type { Benchmark, Line } from './measure.ts';

/** The head of a benchmark's table, as Markdown that can be pasted into a README. */
export function tableTop({ name, measures }: Benchmark): string {
  const columns = ['', 'median', 'p99', 'least to most', 'n', 'beside'];
  return [
    `\n**${name}**: ${measures}\n`,
    row(columns),
    `| --- |${' ---: |'.repeat(columns.length - 2)} --- |`,
  ].join('\n');
}

export function tableRow(line: Line): string {
  if ('missing' in line) return row([line.name, '', '', '', '', `not measured: ${line.missing}`]);
  const { name, unit, p50, p99, min, max, n, against, ratio } = line;
  return row([
    name,
    `${p50} ${unit}`,
    `${p99}`,
    `${min} to ${max}`,
    `${n}`,
    against === undefined ? '' : ratio === undefined ? against : `${ratio} x ${against}`,
  ]);
}

/** A bar or a line break in a cell would end it. */
function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
}
