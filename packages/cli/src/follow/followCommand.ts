import { type Client, TroubleError } from '@holdfast/client';
import type { AgentEvent, CommandAnswer } from '@holdfast/core';
import { concerns } from './concerns.ts';

export type CommandEnded = Extract<AgentEvent, { kind: 'command-ended' }>;

/** How the following ended: with the command, or without it. */
export type Ending =
  | Readonly<{ kind: 'ended'; event: CommandEnded }>
  /** The agent went away, or what it says is not understood. */
  | Readonly<{ kind: 'lost'; why: string }>
  | Readonly<{ kind: 'interrupted' }>;

/** Hands on each event of a command that was taken, until the one that ends it. */
export async function followCommand(given: {
  client: Client;
  taken: CommandAnswer & { command: string };
  signal: AbortSignal;
  tell: (event: AgentEvent) => void;
}): Promise<Ending> {
  const { client, taken, signal, tell } = given;
  const isOurs = concerns(taken.command, taken.plan);
  let why = 'its events ended before the command did';
  try {
    for await (const event of client.events(taken.fromEvent, signal)) {
      if (!isOurs(event)) continue;
      tell(event);
      if (event.kind === 'command-ended') return { kind: 'ended', event };
      if (event.kind === 'agent-stopping') why = `it is stopping: ${event.says}`;
    }
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
    why = error.trouble.problems.map(({ what, why: fact }) => `${what}: ${fact}`).join('; ');
  }
  return signal.aborted ? { kind: 'interrupted' } : { kind: 'lost', why };
}
