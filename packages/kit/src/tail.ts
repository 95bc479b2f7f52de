/** The last bytes of a stream, bounded, so that a program that floods its output costs no memory. */
export class Tail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #size = 0;
  dropped = 0;

  constructor(limitBytes = 65_536) {
    this.#limit = limitBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size - this.#chunks[0]!.length >= this.#limit) {
      const oldest = this.#chunks.shift()!;
      this.#size -= oldest.length;
      this.dropped += oldest.length;
    }
  }

  text(): string {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#limit)).toString();
  }
}
