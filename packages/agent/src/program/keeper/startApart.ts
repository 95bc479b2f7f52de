import { type RunResult, run } from '@holdfast/kit';

/**
 * What the shell does, and all that it does: words come as arguments and are never read as a script. The program is in
 * a session of its own, with nothing of ours open: it is to live when this process does not. How it is spared is said
 * before it begins, so that it knows by itself what the programs that it starts are to be set back to.
 */
const apart =
  'umask "$1"; renice "$2" $$ >&2; echo "$3" >/proc/$$/oom_score_adj; shift 3; exec setsid --fork "$@" </dev/null >/dev/null 2>>"$0"';
const budgetMs = 10_000;

export type Apart = Readonly<{
  /** Its standard error goes there; what else it says is not kept, as nobody would ever take that away. */
  log: string;
  umask: '022' | '077';
  /** What may not be asked for is done without. */
  nice: number;
  oomScore: number;
  cwd: string;
  env: Readonly<Record<string, string>>;
}>;

/** Starts a program that outlives this one. */
export function startApart(argv: readonly [string, ...string[]], how: Apart): Promise<RunResult> {
  const { log, umask, nice, oomScore, cwd, env } = how;
  const words = [log, umask, String(nice), String(oomScore)];
  return run(['sh', '-c', apart, ...words, ...argv], { cwd, env, budgetMs });
}
