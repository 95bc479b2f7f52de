import { type Started, start } from '@holdfast/kit';
import type { Log } from '../../index.ts';

export type SupervisedOptions = Readonly<{
  argv: readonly [string, ...string[]];
  log: Log;
  onLine: (line: string) => void;
  /** It ended, and nobody listened for a moment: whatever it listens to may have changed. */
  onGap: () => void;
  onRestart: (program: string) => void;
}>;

const firstPauseMs = 50;
const longestPauseMs = 10_000;
/** A helper that lived so long is not in a circle of dying. */
const steadyMs = 30_000;

/** A program that listens as long as the agent runs: when it ends, it is started again, and the gap is told. */
export class Supervised {
  readonly #options: SupervisedOptions;
  #running: Started | undefined;
  #pauseMs = firstPauseMs;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.#start();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#running?.kill('SIGTERM');
  }

  #start(): void {
    const { argv, log, onLine, onGap, onRestart } = this.#options;
    const begunAt = performance.now();
    let partial = '';
    const running = start(argv, {
      onOutput: (text) => {
        const lines = (partial + text).split('\n');
        // A line without an end must not grow for ever.
        partial = lines.pop()!.slice(-4_096);
        for (const line of lines) onLine(line);
      },
    });
    this.#running = running;
    void running.ended.then(({ exitCode, signal, stderr, startError }) => {
      if (this.#isClosed) return;
      const why = startError ?? signal ?? `exit ${exitCode}`;
      log.warn(
        { event: 'watcher-ended', program: argv[0], why, stderr: stderr.slice(-200) },
        `${argv[0]} ended (${why}); starting it again`,
      );
      if (performance.now() - begunAt > steadyMs) this.#pauseMs = firstPauseMs;
      this.#timer = setTimeout(() => {
        this.#start();
        onRestart(argv[0]);
        onGap();
      }, this.#pauseMs);
      this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
    });
  }
}
