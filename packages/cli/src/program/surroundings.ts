import type { AgentPaths } from '@holdfast/client';
import { agentPaths } from '@holdfast/client';
import { type Screen, screenOf } from './screen.ts';
import { whoAsks } from './whoAsks.ts';

/** Everything of the process that a command may see, settled once. */
export type Surroundings = Readonly<{
  /** The name under which it was called. */
  command: string;
  args: readonly string[];
  out: Screen;
  err: Screen;
  input: NodeJS.ReadStream;
  paths: AgentPaths;
  /** Moves every path; empty for the node itself. */
  root: string;
  /** For the agent's records. */
  by: string;
  now: () => number;
  /** From the first call on, ^C aborts this instead of ending the process. */
  interrupted: () => AbortSignal;
}>;

export function surroundingsOf(command: string, args: readonly string[]): Surroundings {
  const { env } = process;
  return {
    command,
    args,
    out: screenOf(process.stdout, env),
    err: screenOf(process.stderr, env),
    input: process.stdin,
    root: (env.HOLDFAST_ROOT ?? '').replace(/\/+$/, ''),
    paths: agentPaths(env.HOLDFAST_ROOT ?? ''),
    by: whoAsks(env, command),
    now: Date.now,
    interrupted,
  };
}

function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
