import type { Intent, NewEvent, NodeName, Tag, Want } from '@holdfast/core';
import type { Events } from './events.ts';
import { isAsWanted } from './isAsWanted.ts';
import type { World } from './world.ts';

type Pending = Readonly<{
  id: string;
  says: string;
  want: Want;
  intents: ReadonlyMap<Tag, Intent>;
  /** Where it is to run. */
  on?: NodeName;
  /** What is still to be done when it has ended, before that is told; answers what went wrong with it. */
  afterwards?: (result: 'done' | 'failed') => Promise<Unmet | undefined>;
}>;
type Ended = Extract<NewEvent, { kind: 'command-ended' }>;
type Unmet = Ended['unmet'][number];

/** Commands that were given and are not settled: each ends as done, failed, or overtaken by a later one. */
export class Commands {
  readonly #world: World;
  readonly #events: Events;
  readonly #pending = new Map<string, Pending>();

  constructor(given: { world: World; events: Events }) {
    this.#world = given.world;
    this.#events = given.events;
  }

  add(command: Pending): void {
    this.#pending.set(command.id, command);
  }

  /** Those that an operation on these resources works for. */
  behind(tags: readonly Tag[]): readonly Pending[] {
    return [...this.#pending.values()].filter(({ intents }) => tags.some((tag) => intents.has(tag)));
  }

  async #end({ afterwards }: Pending, ended: Ended): Promise<void> {
    const unmet = await afterwards?.(ended.result === 'done' ? 'done' : 'failed');
    this.#events.emit(
      unmet === undefined
        ? ended
        : {
            ...ended,
            result: ended.result === 'done' ? 'failed' : ended.result,
            unmet: [...ended.unmet, unmet],
          },
    );
  }

  /**
   * Ends what is settled. Called after each decision, when all that can be done about a resource is under way:
   * what is not as wanted, and not about to be acted on, will not come by itself.
   */
  settle(facts: { isMoving: (tag: Tag) => boolean; why: (tag: Tag) => string }): void {
    for (const command of [...this.#pending.values()]) {
      const tags = [...command.intents.keys()].filter((tag) => this.#world.resource(tag) !== undefined);
      const isOvertaken = tags.some((tag) => this.#world.intentOf(tag).want !== command.want);
      const open = tags.filter((tag) => !isAsWanted(this.#world, tag, command.on));
      if (!isOvertaken && open.length > 0 && open.some((tag) => facts.isMoving(tag))) continue;
      this.#pending.delete(command.id);
      void this.#end(command, {
        kind: 'command-ended',
        command: command.id,
        result: isOvertaken ? 'overtaken' : open.length === 0 ? 'done' : 'failed',
        unmet: isOvertaken
          ? []
          : open.map((tag) => ({ tag, state: this.#world.stateOf(tag).state, says: facts.why(tag) })),
      });
    }
  }
}
