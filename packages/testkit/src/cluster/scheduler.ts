import { drainMicrotasks } from './drainMicrotasks.ts';

type Due = { readonly at: number; readonly order: number; act: (() => void) | undefined };

/**
 * True time, in milliseconds, which no simulated node knows. Whatever is to happen waits here; between two moments nothing
 * happens, so an hour takes no longer than what is done in it. Equal moments come in the order of their making.
 */
export class Scheduler {
  readonly #heap: Due[] = [];
  #order = 0;
  now = 0;
  /** How many moments have come. */
  moments = 0;

  /** Answers how to call it off. */
  after(span: number, act: () => void): () => void {
    this.#order += 1;
    const due: Due = { at: this.now + Math.max(0, span), order: this.#order, act };
    this.#push(due);
    return () => {
      due.act = undefined;
    };
  }

  /** Lets everything happen up to a moment; ends early once `isOver` says so. Must not be called from a promise. */
  run(until: number, isOver: () => boolean): void {
    drainMicrotasks();
    while (!isOver()) {
      const first = this.#heap[0];
      if (first === undefined || first.at > until) break;
      this.#pop();
      if (first.act === undefined) continue;
      this.now = first.at;
      this.moments += 1;
      first.act();
      drainMicrotasks();
    }
    if (!isOver()) this.now = Math.max(this.now, until);
  }

  /* A binary heap. */
  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(due, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
