import { readFile } from 'node:fs/promises';

export type PidFile = Readonly<{
  /** Undefined when the file is empty or holds something else. */
  pid: number | undefined;
  dataDirectory: string | undefined;
  /** Seconds since 1970, by the clock on the wall as it was then. */
  startedAt: number | undefined;
  /** What the server is doing: starting, stopping, ready, standby. */
  status: string | undefined;
}>;

/** postmaster.pid, or the lock file beside the socket, which has the same first lines. Undefined when there is none. */
export async function readPidFile(path: string): Promise<PidFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsePidFile(text);
}

export function parsePidFile(text: string): PidFile {
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0]!, 10);
  const startedAt = Number.parseInt(lines[2] ?? '', 10);
  return {
    // A server in single-user mode writes its number as a negative one.
    pid: Number.isInteger(pid) && pid !== 0 ? Math.abs(pid) : undefined,
    dataDirectory: lines[1] === '' ? undefined : lines[1],
    startedAt: Number.isInteger(startedAt) ? startedAt : undefined,
    status: lines[7]?.trim(),
  };
}
