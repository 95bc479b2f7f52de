import {
  type CounterName,
  definitionOf,
  type HistogramName,
  type LabelsOf,
  type MetricName,
} from './definitions.ts';

export type Series = Readonly<{ labels: Readonly<Record<string, string>> }> &
  (Readonly<{ value: number }> | Readonly<{ buckets: readonly number[]; sum: number; count: number }>);

type Counted = { labels: Readonly<Record<string, string>>; value: number };
type Observed = { labels: Readonly<Record<string, string>>; buckets: number[]; sum: number; count: number };

/** Far above what any configuration leads to: a fault that makes series without end must not fill the memory. */
const seriesMax = 2_000;

/** What is counted and measured while the agent runs. Adding to it is a look into a map: it may be done anywhere. */
export class Metrics {
  readonly #counters = new Map<MetricName, Map<string, Counted>>();
  readonly #histograms = new Map<MetricName, Map<string, Observed>>();

  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    const one = this.#seriesOf(this.#counters, name, labels, () => ({ labels, value: 0 }));
    if (one !== undefined) one.value += by;
  }

  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, ms: number): void {
    const { buckets = [] } = definitionOf(name);
    const one = this.#seriesOf(this.#histograms, name, labels, () => ({
      labels,
      buckets: buckets.map(() => 0),
      sum: 0,
      count: 0,
    }));
    if (one === undefined) return;
    const seconds = Math.max(0, ms / 1_000);
    const first = buckets.findIndex((bound) => seconds <= bound);
    if (first >= 0) one.buckets[first]! += 1;
    one.sum += seconds;
    one.count += 1;
  }

  seriesOf(name: MetricName): readonly Series[] {
    return [...(this.#counters.get(name)?.values() ?? []), ...(this.#histograms.get(name)?.values() ?? [])];
  }

  #seriesOf<One>(
    all: Map<MetricName, Map<string, One>>,
    name: MetricName,
    labels: Readonly<Record<string, string>>,
    make: () => One,
  ): One | undefined {
    let series = all.get(name);
    if (series === undefined) {
      series = new Map();
      all.set(name, series);
    }
    const key = Object.values(labels).join('\u0000');
    const found = series.get(key);
    if (found !== undefined) return found;
    if (series.size >= seriesMax) {
      this.count('holdfast_series_dropped_total', {});
      return undefined;
    }
    const made = make();
    series.set(key, made);
    return made;
  }
}
