import type { AgentPaths } from '@holdfast/client';
import { agentPaths } from '@holdfast/client';
import { type AskedAgent, askedAgent } from './askedAgent.ts';
import type { CommandDescription } from './options/description.ts';
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
  asked: AskedAgent;
  /** Moves every path; empty for the node itself. */
  root: string;
  /** For the agent's records. */
  by: string;
  now: () => number;
  /** From the first call on, ^C aborts this instead of ending the process. */
  interrupted: () => AbortSignal;
  /** Set where only the description of the command is wanted, for completion and manual pages: nothing else happens. */
  tellDescription?: (description: CommandDescription) => void;
  /** What every command says of itself; a command cannot know all others by itself. */
  describeAll: () => Promise<readonly CommandDescription[]>;
}>;

export function surroundingsOf(
  command: string,
  args: readonly string[],
  describeAll: Surroundings['describeAll'],
): Surroundings {
  const { env } = process;
  const paths = agentPaths(env.HOLDFAST_ROOT ?? '');
  return {
    command,
    args,
    out: screenOf(process.stdout, env),
    err: screenOf(process.stderr, env),
    input: process.stdin,
    root: (env.HOLDFAST_ROOT ?? '').replace(/\/+$/, ''),
    paths,
    asked: askedAgent(paths),
    // Only who gives a command is asked for: the name of an account may come from far away.
    get by() {
      return whoAsks(env, command);
    },
    now: Date.now,
    interrupted,
    describeAll,
  };
}

function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
