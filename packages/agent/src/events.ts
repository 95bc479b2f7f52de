import type { AgentEvent, NewEvent } from '@holdfast/core';

const kept = 10_000;

/** The stream of events: the last ones are kept, so that who asks a moment late misses nothing. */
export class Events {
  readonly #wall: () => number;
  readonly #events: AgentEvent[] = [];
  readonly #listeners = new Set<(event: AgentEvent) => void>();
  #next = 1;

  constructor(wall: () => number) {
    this.#wall = wall;
  }

  /** The number that the next event will get. */
  get next(): number {
    return this.#next;
  }

  emit(event: NewEvent): AgentEvent {
    const numbered = { ...event, sequence: this.#next, at: this.#wall() } as AgentEvent;
    this.#next += 1;
    this.#events.push(numbered);
    if (this.#events.length > kept) this.#events.shift();
    for (const listener of [...this.#listeners]) listener(numbered);
    return numbered;
  }

  /** The number of the oldest that is kept; that of the next where none is. */
  get oldest(): number {
    return this.#events[0]?.sequence ?? this.#next;
  }

  /** The kept events from this number on, at most so many. */
  from(sequence: number, max = kept): readonly AgentEvent[] {
    const first = Math.max(0, sequence - this.oldest);
    return this.#events.slice(first, first + max);
  }

  /** Calls for each new event until the answer is called. */
  listen(listener: (event: AgentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
