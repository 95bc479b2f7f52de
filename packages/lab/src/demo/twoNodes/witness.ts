import { HolderWatch } from '../../cluster/holderWatch.ts';
import { lostRows } from '../../cluster/lostRows.ts';
import type { Outside } from '../../cluster/outside.ts';
import { type Name, otherOf, type Trio } from '../../cluster/trio.ts';
import { waitUntil } from '../../waitUntil.ts';
import { expectThat } from '../expectThat.ts';
import type { Printer } from '../printer.ts';
import { address } from './document.ts';

const servedWithinMs = 60_000;

/** Sees what a fault costs: from before it happens until the client is served by the other node. */
export class Witness {
  readonly #trio: Trio;
  readonly #outside: Outside;
  readonly #watch: HolderWatch;
  readonly #from: number;

  constructor(trio: Trio, outside: Outside) {
    this.#trio = trio;
    this.#outside = outside;
    this.#watch = new HolderWatch(trio, address);
    this.#from = now();
  }

  /** Waits until the other node has it and the client has been answered. Answers how long the client was not. */
  async servedByOtherThan(owner: Name): Promise<number> {
    const next = otherOf(owner);
    const isThere = await waitUntil(() => this.#trio.holders(address).includes(next), servedWithinMs);
    expectThat(isThere, `${next} has the address and the disk within ${servedWithinMs / 1_000} s`);
    await this.#outside.answered(now());
    this.#watch.end();
    return this.#outside.longestGap(this.#from);
  }

  /** Counts, and ends the demo where a count is not what was promised. */
  async count(print: Printer): Promise<void> {
    const rows = this.#outside.answers.map(({ number }) => number);
    const lost = await lostRows(this.#trio.lab, address, rows);
    print.counted('Rows that were acknowledged so far', rows.length);
    print.counted('Of these, rows that are lost', lost.length);
    print.counted('Looks at who has the address or the disk, meanwhile', this.#watch.looks);
    print.counted('Of these, looks that found it on both nodes', this.#watch.doubles);
    expectThat(lost.length === 0, 'no row that was acknowledged is lost');
    expectThat(this.#watch.doubles === 0, 'the address and the disk are never on both nodes');
  }

  end(): void {
    this.#watch.end();
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
