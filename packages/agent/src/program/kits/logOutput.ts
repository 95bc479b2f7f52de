import type { Worker } from 'node:worker_threads';
import type { Log } from '../../index.ts';
import { shortened } from './believed.ts';

const piecesMax = 20;
const periodMs = 60_000;
const pieceMax = 2_000;

/** What a kit prints past its log is no part of any answer: a little of it is logged, the rest is read and dropped. */
export function logOutput(worker: Pick<Worker, 'stdout' | 'stderr'>, kit: string, log: Log): void {
  let periodBegan = Number.NEGATIVE_INFINITY;
  let pieces = 0;
  const hear = (chunk: Buffer): void => {
    const now = performance.now();
    if (now - periodBegan >= periodMs) {
      periodBegan = now;
      pieces = 0;
    }
    pieces += 1;
    if (pieces > piecesMax + 1) return;
    const isLast = pieces === piecesMax + 1;
    const text = isLast
      ? 'it prints more: the rest is dropped'
      : shortened(
          chunk
            .subarray(0, pieceMax * 4)
            .toString()
            .trim(),
          pieceMax,
        );
    log.warn({ event: 'kit-output', kit }, `the kit ${kit} printed, past its log: ${text}`);
  };
  worker.stdout.on('data', hear);
  worker.stderr.on('data', hear);
}
