import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noticeKindNames, severities } from '@holdfast/core';
import { z } from 'zod';
import type { KeptQueue, Log, Message } from '../../index.ts';

const notice = z.object({
  kind: z.enum(noticeKindNames),
  severity: z.enum(severities),
  at: z.number(),
  tags: z.array(z.string()),
  operation: z.string().optional(),
  what: z.string(),
  why: z.string(),
  done: z.array(z.string()),
  todo: z.string(),
});
const queue = z.array(
  z.object({
    id: z.string(),
    node: z.string(),
    at: z.number(),
    severity: z.enum(severities),
    subject: z.string(),
    text: z.string(),
    notices: z.array(notice),
  }),
);

/**
 * The messages of one notifier that wait, in a file that is replaced as a whole. Written beside the loop and without
 * a sync: what a power loss takes is the last moment. One write is under way at most, and the next is of the newest.
 */
export function keptQueue(folder: string, name: string, log: Log): KeptQueue {
  const file = join(folder, `${name}.json`);
  let wanted: readonly Message[] | undefined;
  let writing: Promise<void> | undefined;
  const complain = (error: unknown): void =>
    log.warn(
      { event: 'kept-queue', file, error: String(error) },
      `${file} could not be kept: ${String(error)}`,
    );

  async function writeAll(): Promise<void> {
    while (wanted !== undefined) {
      const now = wanted;
      wanted = undefined;
      await writeOne(now).catch(complain);
    }
    writing = undefined;
  }

  async function writeOne(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return rm(file, { force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, JSON.stringify(messages), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  return {
    read: async () => {
      await writing;
      try {
        return queue.parse(JSON.parse(await readFile(file, 'utf8'))) as readonly Message[];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') complain(error);
        return [];
      }
    },
    write: (messages) => {
      wanted = messages;
      writing ??= writeAll();
    },
    settled: async () => writing,
  };
}
