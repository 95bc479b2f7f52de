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

/** What a benchmark file publishes: what it measures, why it matters, and the figures. */
export type Benchmark = Readonly<{
  name: string;
  measures: string;
  /** Without `--runs`; 10 when left out. */
  runs?: number;
  run: (options: { runs: number }) => AsyncIterable<Figure>;
}>;

/** Takes turns between the thing and what it is held against, after one turn of each that does not count. */
export async function inTurns(given: {
  name: string;
  runs: number;
  against: string;
  it: () => unknown;
  limit: () => unknown;
}): Promise<Figure> {
  const own: number[] = [];
  const other: number[] = [];
  for (let turn = 0; turn <= given.runs; turn += 1) {
    const ownMs = await timed(given.it);
    const otherMs = await timed(given.limit);
    if (turn === 0) continue;
    own.push(ownMs);
    other.push(otherMs);
  }
  const figure = figureOf(given.name, own);
  return { ...figure, against: given.against, ratio: round(figure.p50 / figureOf(given.against, other).p50) };
}

export function figureOf(name: string, spans: readonly number[]): Figure {
  const sorted = [...spans].sort((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return {
    name,
    value: at(0.5),
    unit: 'ms',
    n: sorted.length,
    min: at(0),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

async function timed(act: () => unknown): Promise<number> {
  const begunAt = performance.now();
  await act();
  return performance.now() - begunAt;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
