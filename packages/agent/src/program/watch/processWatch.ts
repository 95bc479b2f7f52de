import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Started, start } from '@holdfast/kit';

/** A moment after the end of a process, for a new one to write its number. */
const secondLookMs = 1_000;

/**
 * Waits for the end of the process that a pid file names, by the kernel's pidfd. Afterwards it looks once whether the
 * file names another by then, such as one that somebody restarted by hand, and waits for that.
 */
export class ProcessWatch {
  readonly #pidFile: string;
  readonly #onEnd: () => void;
  /** pidwait reads numbers alone; what programs write around them, blanks or more lines, is not for it. */
  readonly #plainFile: string;
  #waiting: Started | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(given: { pidFile: string; folder: string; onEnd: () => void }) {
    this.#pidFile = given.pidFile;
    this.#onEnd = given.onEnd;
    this.#plainFile = join(given.folder, `${randomUUID()}.pid`);
    this.#wait(undefined);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting?.kill('SIGTERM');
    rmSync(this.#plainFile, { force: true });
  }

  #wait(before: number | undefined): void {
    const pid = readPid(this.#pidFile);
    if (pid === undefined || pid === before) return;
    writeFileSync(this.#plainFile, `${pid}\n`, { mode: 0o600 });
    this.#waiting = start(['pidwait', '-F', this.#plainFile]);
    void this.#waiting.ended.then(() => {
      if (this.#isClosed) return;
      this.#onEnd();
      this.#timer = setTimeout(() => this.#wait(pid), secondLookMs);
    });
  }
}

/** The number on the first line; undefined when there is none, or it is not that of a process. */
function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]?.trim());
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}
