import { ok, type Result, type SuspicionAnswer, type Tag } from '@holdfast/core';
import type { AgentPorts } from './ports.ts';
import type { World } from './world.ts';

type Given = Readonly<{ ports: AgentPorts; world: World; suspect: (tag: Tag) => void }>;

/**
 * What others have seen: a monitoring system, a script, a person. It brings the next check of a resource forward;
 * the check decides, as it does for what the kernel tells.
 */
export class Suspicions {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  take({ object, why, by }: { object: string; why: string; by: string }): Result<SuspicionAnswer> {
    const { ports, world, suspect } = this.#given;
    const tags = [...(world.configuration?.resources.values() ?? [])]
      .filter(({ tag, identity }) => tag === object || identity === object)
      .map(({ tag }) => tag);
    ports.log.info({ event: 'suspicion', object, tags, why, by }, `${by} says of ${object}: ${why}`);
    for (const tag of tags) suspect(tag);
    return ok({ tags });
  }
}
