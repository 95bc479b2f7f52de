import { killGroup } from './killGroup.ts';
import { type Ended, type StartOptions, start } from './start.ts';

export type RunOptions = Omit<StartOptions, 'keepInputOpen'> &
  Readonly<{
    /** At the end of it the whole process group is ended: TERM, then KILL after `killAfterMs`. */
    budgetMs: number;
    /** Ends it early in the same way. */
    signal?: AbortSignal;
    /** Between TERM and KILL. 500 ms when left out. */
    killAfterMs?: number;
  }>;

export type RunResult = Ended &
  Readonly<{
    /** True for exit code 0 alone. */
    ok: boolean;
    /** `budget` and `aborted` say that we ended it. */
    ending: 'exited' | 'signalled' | 'budget' | 'aborted' | 'not-started';
    tookMs: number;
    /** One line for evidence: what was run and how it ended, with the last line that it said. */
    says: string;
  }>;

export type Run = (argv: readonly [string, ...string[]], options: RunOptions) => Promise<RunResult>;

/**
 * Runs a program to its end, within a budget. Never throws for how the program ends: that is in the result. The
 * one way in which Holdfast starts programs; see `start` for what every program gets.
 */
export const run: Run = async (argv, options) => {
  const begunAt = performance.now();
  if (options.signal?.aborted === true) return result(argv, neverBegan, 'aborted', 0);
  const started = start(argv, options);
  let giveUp: (ended: Ended) => void = () => undefined;
  const givenUp = new Promise<Ended>((resolve) => {
    giveUp = resolve;
  });
  let giveUpTimer: NodeJS.Timeout | undefined;
  let stoppedBy: 'budget' | 'aborted' | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (by: 'budget' | 'aborted'): void => {
    if (stoppedBy !== undefined) return;
    stoppedBy = by;
    started.kill('SIGTERM');
    killTimer = setTimeout(() => {
      started.kill('SIGKILL');
      giveUpTimer = setTimeout(() => giveUp(hangs), giveUpAfterMs);
    }, options.killAfterMs ?? 500);
  };
  // Timers that are due together come in any order on a busy machine: what is past its budget ends for that.
  const isOverBudget = (): boolean => performance.now() - begunAt >= options.budgetMs;
  const onAbort = (): void => stop(isOverBudget() ? 'budget' : 'aborted');
  const budgetTimer = setTimeout(() => stop('budget'), options.budgetMs);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const ended = await Promise.race([started.ended, givenUp]);
    // The leader is gone; what it left in its group is gone too when we ended it.
    if (stoppedBy !== undefined && started.pid !== undefined) killGroup(started.pid, 'SIGKILL');
    return result(argv, ended, stoppedBy, performance.now() - begunAt);
  } finally {
    clearTimeout(budgetTimer);
    clearTimeout(killTimer);
    clearTimeout(giveUpTimer);
    options.signal?.removeEventListener('abort', onAbort);
  }
};

/**
 * What waits in the kernel for a dead disk hears KILL only when the disk answers. So nobody waits for it: the caller
 * is told within its time, and the process ends whenever it can.
 */
const giveUpAfterMs = 500;
const hangs: Ended = {
  exitCode: undefined,
  signal: undefined,
  stdout: '',
  stderr: 'it hangs in the kernel and could not be ended',
  dropped: 0,
  startError: undefined,
};

const neverBegan: Ended = {
  exitCode: undefined,
  signal: undefined,
  stdout: '',
  stderr: '',
  dropped: 0,
  startError: undefined,
};

function result(
  argv: readonly string[],
  ended: Ended,
  stoppedBy: 'budget' | 'aborted' | undefined,
  tookMs: number,
): RunResult {
  const ending =
    stoppedBy ??
    (ended.startError !== undefined ? 'not-started' : ended.signal !== undefined ? 'signalled' : 'exited');
  return {
    ...ended,
    ok: ending === 'exited' && ended.exitCode === 0,
    ending,
    tookMs,
    says: say(argv, ended, ending, tookMs),
  };
}

function say(argv: readonly string[], ended: Ended, ending: RunResult['ending'], tookMs: number): string {
  const lastLine = (ended.stderr.trim() || ended.stdout.trim()).split('\n').at(-1) ?? '';
  const how = {
    exited: `exit ${ended.exitCode}`,
    signalled: `ended by ${ended.signal}`,
    budget: `ended by us after its budget, ${Math.round(tookMs)} ms`,
    aborted: 'ended by us: no longer wanted',
    'not-started': `not started: ${ended.startError}`,
  }[ending];
  const name = argv[0]!.split('/').at(-1);
  return lastLine === '' || ending === 'not-started' ? `${name}: ${how}` : `${name}: ${how}: ${lastLine}`;
}
