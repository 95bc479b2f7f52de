import { definitionOf, type MetricName, metricDefinitions, type Sample } from './definitions.ts';
import type { Metrics, Series } from './metrics.ts';

/** For the header of the answer: the text format of Prometheus. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/** All metrics in the text format of Prometheus. Each is named with its type, also where it has no value yet. */
export function printMetrics(metrics: Metrics, samples: readonly Sample[]): string {
  const byName = new Map<MetricName, Sample[]>();
  for (const one of samples) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  const lines = Object.keys(metricDefinitions).flatMap((key) => {
    const name = key as MetricName;
    const { type, says } = definitionOf(name);
    return [
      `# HELP ${name} ${escapeHelp(says)}`,
      `# TYPE ${name} ${type}`,
      ...[...metrics.seriesOf(name), ...(byName.get(name) ?? [])].flatMap((series) =>
        printSeries(name, series),
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function printSeries(name: MetricName, series: Series): string[] {
  if ('value' in series) return [`${name}${printLabels(series.labels)} ${series.value}`];
  const { labels, buckets, sum, count } = series;
  const bounds = definitionOf(name).buckets ?? [];
  let below = 0;
  const counted = bounds.map((bound, index) => {
    below += buckets[index]!;
    return `${name}_bucket${printLabels({ ...labels, le: String(bound) })} ${below}`;
  });
  return [
    ...counted,
    `${name}_bucket${printLabels({ ...labels, le: '+Inf' })} ${count}`,
    `${name}_sum${printLabels(labels)} ${sum}`,
    `${name}_count${printLabels(labels)} ${count}`,
  ];
}

function printLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
