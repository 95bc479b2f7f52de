import type { Changes } from '@holdfast/store';

/** A watch into which something can be put that the store never said. */
export class WhisperedWatch implements AsyncIterable<Changes> {
  readonly #inner: AsyncIterator<Changes>;
  readonly #whispered: Changes[] = [];
  #next: Promise<IteratorResult<Changes>> | undefined;
  #heard = Promise.withResolvers<void>();

  constructor(inner: AsyncIterable<Changes>) {
    this.#inner = inner[Symbol.asyncIterator]();
  }

  whisper(changes: Changes): void {
    this.#whispered.push(changes);
    this.#heard.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Changes> {
    for (;;) {
      const whispered = this.#whispered.shift();
      if (whispered !== undefined) {
        yield whispered;
        continue;
      }
      this.#heard = Promise.withResolvers();
      this.#next ??= this.#inner.next();
      const first = await Promise.race([this.#next, this.#heard.promise]);
      if (first === undefined) continue;
      this.#next = undefined;
      if (first.done === true) return;
      yield first.value;
    }
  }
}
