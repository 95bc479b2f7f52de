import type { SaidProblem } from '@holdfast/core';
import type { TroubleCode } from './troubleCodes.ts';

/** Why there is no answer, with everything that an operator needs to be told about it. */
export type Trouble = Readonly<{
  kind: /** The agent is not running. */
    | 'AgentDown'
    /** The permissions of the socket forbid it. */
    | 'NotAllowed'
    /** The agent understood the request and says no; the problems are its own. */
    | 'Refused'
    /** No answer within the bound. */
    | 'Silent'
    /** The connection ended before the answer was complete. */
    | 'Lost'
    /** What was answered cannot be understood. */
    | 'Broken';
  problems: readonly SaidProblem[];
}>;

export type Answer<Value> = Readonly<{ ok: true; value: Value }> | Readonly<{ ok: false; trouble: Trouble }>;

/** An iteration has no other way to say how it failed; everywhere else trouble is a value. */
export class TroubleError extends Error {
  override readonly name = 'TroubleError';
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.problems.map(({ what }) => what).join('; '));
    this.trouble = trouble;
  }
}

/** Where and how the agent was asked, for the facts in a problem. */
export type Asked = Readonly<{
  socketPath: string;
  /** The node for which it is meant, where that is another. */
  node?: string;
  method: string;
  path: string;
}>;

export function broken(asked: Asked, why: string): Trouble {
  return trouble('Broken', 'ANSWER_BROKEN', {
    what: `The answer to ${asked.method} ${asked.path} cannot be understood`,
    why,
    todo: 'see that the commands and the agent are of one version: holdfast --version, holdfast status',
  });
}

export function lost(asked: Asked, why: string): Trouble {
  return trouble('Lost', 'AGENT_LOST', {
    what: `The agent was lost while it answered ${asked.method} ${asked.path}`,
    why,
    todo: 'see what is with it: holdfast status',
  });
}

/** Turns an error of the connection into what it means to the one who asked. */
export function connectionTrouble(asked: Asked, error: Error, boundMs: number | undefined): Trouble {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ECONNREFUSED':
      return trouble('AgentDown', 'AGENT_DOWN', {
        what: 'The agent of this node is not running',
        why:
          code === 'ECONNREFUSED'
            ? `nobody listens on ${asked.socketPath} any more`
            : `there is no socket ${asked.socketPath}`,
        todo:
          asked.node === undefined
            ? 'start it: holdfast agent'
            : `start it: holdfast agent; it hands the request on to ${asked.node}. Or run the command on ${asked.node}`,
      });
    case 'EACCES':
    case 'EPERM':
      return trouble('NotAllowed', 'NOT_ALLOWED', {
        what: 'You are not allowed to speak to the agent of this node',
        why: `the permissions of ${asked.socketPath} forbid it (${code})`,
        todo: 'run the command as root, or as a member of the group that owns the socket',
      });
    case 'ECONNRESET':
    case 'EPIPE':
      return lost(asked, error.message);
    default:
      if (error.name !== 'TimeoutError' && error.name !== 'AbortError') return broken(asked, error.message);
      return trouble('Silent', 'AGENT_SILENT', {
        what: `The agent did not answer ${asked.method} ${asked.path}`,
        why: `no answer within ${(boundMs ?? 0) / 1000} s`,
        todo: 'look at its log, and at holdfast status; the request may still be carried out',
      });
  }
}

function trouble(
  kind: Trouble['kind'],
  code: TroubleCode,
  says: Omit<SaidProblem, 'code' | 'path'>,
): Trouble {
  return { kind, problems: [{ code, path: '', ...says }] };
}
