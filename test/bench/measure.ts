/** One figure of a benchmark, printed as a line of JSON. */
export type Figure = Readonly<{
  name: string;
  /** The median, where it was measured more than once. */
  value: number;
  unit: string;
  n: number;
  min: number;
  p50: number;
  p99: number;
  max: number;
  /** What it is held against in the same run, and how many times as long this took. */
  against?: string;
  ratio?: number;
}>;

/** A line that could not be measured on this machine, and why; the rest is measured all the same. */
export type Missing = Readonly<{ name: string; missing: string }>;

export type Line = Figure | Missing;

/** Somebody else's software that is installed for the comparison, where that can be done. */
export type Peer = 'pacemaker' | 'pacemaker-cli-utils' | 'monit' | 'keepalived';

/** What a benchmark file publishes: what it measures, why it matters, and the figures. */
export type Benchmark = Readonly<{
  name: string;
  measures: string;
  /** Without `--runs`; 10 when left out. */
  runs?: number;
  /** Brought before the machine and its versions are said. */
  peers?: readonly Peer[];
  run: (options: { runs: number }) => AsyncIterable<Line>;
}>;

/** Takes turns between the thing and what it is held against, after one turn of each that does not count. */
export async function inTurns(given: {
  name: string;
  runs: number;
  /** Both have been done before: every turn counts. */
  isWarm?: boolean;
  against: string;
  it: () => unknown;
  limit: () => unknown;
}): Promise<Figure> {
  const own: number[] = [];
  const other: number[] = [];
  for (let turn = given.isWarm === true ? 1 : 0; turn <= given.runs; turn += 1) {
    const ownMs = await timed(given.it);
    const otherMs = await timed(given.limit);
    if (turn === 0) continue;
    own.push(ownMs);
    other.push(otherMs);
  }
  return beside(figureOf(given.name, own), figureOf(given.against, other));
}

/** The figure beside another of the same run. */
export function beside(figure: Figure, other: Figure, against = other.name): Figure {
  return { ...figure, against, ratio: round(figure.p50 / other.p50) };
}

export function figureOf(name: string, spans: readonly number[], unit = 'ms'): Figure {
  const sorted = [...spans].sort((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return {
    name,
    value: at(0.5),
    unit,
    n: sorted.length,
    min: at(0),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

/** Milliseconds from the call to the end of what it answers. */
export async function timed(act: () => unknown): Promise<number> {
  const begunAt = performance.now();
  await act();
  return performance.now() - begunAt;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
