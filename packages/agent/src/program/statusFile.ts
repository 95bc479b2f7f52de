import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Status } from '@holdfast/core';
import type { Log } from '../index.ts';

/** Replaces the file as a whole, so that a reader sees one status or the other and never half of one. */
export function statusFile(file: string, log: Log): (status: Status) => void {
  let last = '';
  return (status) => {
    const { at: _, ...rest } = status;
    const content = JSON.stringify(rest);
    // A status that says the same, written again, would only wake its readers.
    if (content === last) return;
    last = content;
    try {
      const descriptor = openSync(`${file}.new`, 'w', 0o644);
      writeSync(descriptor, JSON.stringify(status));
      if (status.agent.phase === 'stopped') fsyncSync(descriptor);
      closeSync(descriptor);
      renameSync(`${file}.new`, file);
    } catch (error) {
      log.warn({ event: 'status-file', error: String(error) }, `${file} could not be written`);
    }
  };
}
