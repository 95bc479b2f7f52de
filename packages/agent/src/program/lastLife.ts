import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AgentEvent } from '@holdfast/core';
import { z } from 'zod';
import type { Identity, Log } from '../index.ts';

const life = z.object({ session: z.string(), boot: z.string(), at: z.number() });

type Started = Pick<Extract<AgentEvent, { kind: 'agent-started' }>, 'kind' | 'after' | 'says'>;

/**
 * How the life of the agent before this one ended, from a file that each life leaves and a stop takes away. Begins
 * this life. Knowing it is worth nothing more than a message, so a file that cannot be read or written is only logged.
 */
export function beginLife(
  file: string,
  { session, boot }: Identity,
  log: Log,
): Started & { end: () => void } {
  const complain = (error: unknown): void =>
    log.warn({ event: 'life-file', error: String(error) }, `${file}: ${String(error)}`);
  const before = read(file, complain);
  const write = (): void => {
    try {
      writeFileSync(file, JSON.stringify({ session, boot, at: Date.now() }), { mode: 0o600 });
    } catch (error) {
      complain(error);
    }
  };
  write();
  const end = (): void => {
    try {
      rmSync(file, { force: true });
    } catch (error) {
      complain(error);
    }
  };
  const kind = 'agent-started' as const;
  if (before === undefined) return { kind, after: 'stop', says: 'the agent started', end };
  if (before.boot === boot)
    return { kind, after: 'crash', says: 'the agent started again after it had died', end };
  return {
    kind,
    after: 'power-loss',
    says: 'the agent started after its node went down without a stop',
    end,
  };
}

function read(file: string, complain: (error: unknown) => void): z.infer<typeof life> | undefined {
  try {
    return life.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') complain(error);
    return undefined;
  }
}
