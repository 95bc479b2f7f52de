import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askOnce, type Started, start } from '@holdfast/kit';

/** A moment after the end of a process, for a new one to write its number. */
const secondLookMs = 1_000;
const patienceMs = 60_000;

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
  readonly #closing = new AbortController();

  constructor(given: { pidFile: string; folder: string; onEnd: () => void }) {
    this.#pidFile = given.pidFile;
    this.#onEnd = given.onEnd;
    this.#plainFile = join(given.folder, `${randomUUID()}.pid`);
    void this.#wait(undefined);
  }

  close(): void {
    this.#closing.abort('closed');
    clearTimeout(this.#timer);
    this.#waiting?.kill('SIGTERM');
    rmSync(this.#plainFile, { force: true });
  }

  async #wait(before: number | undefined): Promise<void> {
    const pid = await this.#readPid();
    if (pid === undefined || pid === before || this.#closing.signal.aborted) return;
    writeFileSync(this.#plainFile, `${pid}\n`, { mode: 0o600 });
    this.#waiting = start(['pidwait', '-F', this.#plainFile]);
    void this.#waiting.ended.then(() => {
      if (this.#closing.signal.aborted) return;
      this.#onEnd();
      this.#timer = setTimeout(() => void this.#wait(pid), secondLookMs);
    });
  }

  /** The file lies with the data, on a disk that may hang: nobody else waits for that. */
  #readPid(): Promise<number | undefined> {
    return askOnce(`pid in ${this.#pidFile}`, () => readPid(this.#pidFile), {
      withinMs: patienceMs,
      signal: this.#closing.signal,
    });
  }
}

/** The number on the first line; undefined when there is none, or it is not that of a process. */
async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]?.trim());
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}
