/** Writes text to wherever lines go. Rejects when it could not. */
export type Sink = (text: string) => Promise<void>;

const waitingMaxBytes = 4 * 1024 * 1024;

/**
 * Lines on their way to a place that may be slow, full or gone. Nobody waits for them: they are written one piece
 * after the other beside the loop, and what finds no room or could not be written is counted, and the count is
 * written as soon as something can be.
 */
export class BoundedLines {
  readonly #sink: Sink;
  readonly #sayLost: (count: number, why: string) => string;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #why = '';
  #writing: Promise<void> | undefined;

  constructor(sink: Sink, sayLost: (count: number, why: string) => string) {
    this.#sink = sink;
    this.#sayLost = sayLost;
  }

  write(line: string): void {
    if (this.#waitingBytes + line.length > waitingMaxBytes) {
      this.#lose(1, 'it is written too slowly');
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    this.#writing ??= this.#writeAll();
  }

  /** When all that was given is written or lost. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // What is logged in one turn of the loop is one piece.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      const lost = this.#lost;
      const told = lost === 0 ? '' : this.#sayLost(lost, this.#why);
      try {
        await this.#sink(told + lines.join(''));
        this.#lost -= lost;
      } catch (error) {
        this.#lose(lines.length, (error as NodeJS.ErrnoException).code ?? String(error));
      }
    }
    this.#writing = undefined;
  }

  #lose(count: number, why: string): void {
    this.#lost += count;
    this.#why = why;
  }
}
