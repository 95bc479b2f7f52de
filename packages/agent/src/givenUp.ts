import { isInService, type Note, type ReasonCode, type Tag } from '@holdfast/core';
import type { Events } from './events.ts';
import type { World } from './world.ts';

/** Why something is left as it is until a person, or the world, changes something. */
const forGood: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'failed-and-spent',
  'recovery-spent',
  'recovery-disabled',
  'notification-only',
  'remove-failed',
]);

/** Tells once of each resource that is down and left so, and again when that comes anew. */
export class GivenUp {
  readonly #world: World;
  readonly #events: Events;
  #told = new Map<Tag, string>();

  constructor(given: { world: World; events: Events }) {
    this.#world = given.world;
    this.#events = given.events;
  }

  look(blocked: readonly Note[]): void {
    const told = new Map<Tag, string>();
    for (const { tag, because } of blocked) {
      const { state, failure } = this.#world.stateOf(tag);
      if (!forGood.has(because.code) || isInService(state)) continue;
      // Of the same failure once, however often the loop turns.
      const which = `${because.code} ${failure?.at}`;
      told.set(tag, which);
      if (this.#told.get(tag) === which) continue;
      const { code, says } = because;
      this.#events.emit({ kind: 'given-up', tag, code, says, todo: failure?.todo ?? '' });
    }
    this.#told = told;
  }
}
