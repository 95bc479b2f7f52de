import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Sample, sample } from '../../index.ts';

/** Looked at so rarely, it costs next to nothing; a block of the loop that is longer than this is seen for certain. */
const resolutionMs = 100;
const windowMs = 60_000;
const quantiles = [50, 99, 100];

/** How the process itself is. The histogram of the loop is of the last whole minute and the one under way. */
export function processSamples(): Readonly<{ samples: () => Sample[]; close: () => void }> {
  const startedAt = Date.now() - process.uptime() * 1_000;
  let before: readonly number[] = quantiles.map(() => 0);
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const late = (): number[] =>
    // What it records is the whole time between two looks; with none yet it says nothing sensible.
    quantiles.map((one) =>
      histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(one) / 1e9 - resolutionMs / 1_000),
    );
  const timer = setInterval(() => {
    before = late();
    histogram.reset();
  }, windowMs);
  timer.unref();
  return {
    samples: () => {
      const now = late();
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      return [
        ...quantiles.map((one, index) =>
          sample(
            'holdfast_event_loop_delay_seconds',
            { quantile: String(one / 100) },
            Math.max(now[index]!, before[index]!),
          ),
        ),
        sample('process_resident_memory_bytes', {}, rss),
        sample('process_cpu_seconds_total', {}, (user + system) / 1e6),
        sample('process_start_time_seconds', {}, Math.round(startedAt) / 1_000),
        sample('nodejs_heap_size_used_bytes', {}, heapUsed),
      ];
    },
    close: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
