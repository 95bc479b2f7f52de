import type { Trio } from './trio.ts';

const everyMs = 20;

/** Looks again and again who holds the address or the mount, until it is ended. */
export class HolderWatch {
  /** So often two nodes were seen with it at once. */
  doubles = 0;
  looks = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(trio: Trio, address: string) {
    this.#timer = setInterval(() => {
      this.looks += 1;
      if (trio.holders(address).length > 1) this.doubles += 1;
    }, everyMs);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
