import { readFile } from 'node:fs/promises';
import type { Status } from '@holdfast/core';
import type { Answer, Trouble } from './trouble.ts';
import type { TroubleCode } from './troubleCodes.ts';

/** What the agent last wrote of the node, and how long ago. */
export type StatusFile = Readonly<{ status: Status; ageMs: number }>;

/**
 * Reads the status that the agent leaves for those who come when it is down. Only the name of the schema is
 * checked, and that its parts are there: the agent replaces the file as a whole, so there is no half of it, and
 * the whole check would take longer than all the rest of a status command.
 */
export async function readStatusFile(path: string): Promise<Answer<StatusFile>> {
  const read = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof read !== 'string') return { ok: false, trouble: noFile(path, read) };
  const status = statusIn(read);
  if (status === undefined) return { ok: false, trouble: brokenFile(path) };
  return { ok: true, value: { status, ageMs: Math.max(0, Date.now() - status.at) } };
}

function statusIn(text: string): Status | undefined {
  try {
    const status = JSON.parse(text) as Status | null;
    const lists = [status?.nodes, status?.hierarchies, status?.resources, status?.operations];
    const isWhole = status?.schema === 'holdfast.status/1' && lists.every(Array.isArray);
    return isWhole ? status : undefined;
  } catch {
    return undefined;
  }
}

function noFile(path: string, error: NodeJS.ErrnoException): Trouble {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return trouble('NotAllowed', 'NOT_ALLOWED', {
      what: 'You are not allowed to see the status of this node',
      why: `the permissions of ${path} forbid it (${error.code})`,
      todo: 'run the command as root, or as a member of the group that owns the file',
    });
  }
  return trouble('AgentDown', 'NO_STATUS_FILE', {
    what: 'The agent of this node has left no status',
    why: `${path} cannot be read (${error.code})`,
    todo: 'start it: holdfast agent',
  });
}

function brokenFile(path: string): Trouble {
  return trouble('Broken', 'STATUS_FILE_BROKEN', {
    what: 'The status that the agent left cannot be understood',
    why: `${path} is no document of the schema holdfast.status/1`,
    todo: 'see that the commands and the agent are of one version, and that the agent is running',
  });
}

function trouble(
  kind: Trouble['kind'],
  code: TroubleCode,
  says: { what: string; why: string; todo: string },
): Trouble {
  return { kind, problems: [{ code, path: '', ...says }] };
}
