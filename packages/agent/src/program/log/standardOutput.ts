import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Sink } from './boundedLines.ts';

const writePart = promisify(write);
const fullPauseMs = 10;

/** Standard output, written beside the loop: a reader that has stopped reading holds up nobody but the lines. */
export const standardOutput: Sink = async (text) => {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += (await writePart(1, bytes, written)).bytesWritten;
    } catch (error) {
      // A pipe that does not block, and is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(fullPauseMs);
    }
  }
};
