import { isOut, type Resource, type Tag } from '@holdfast/core';
import type { AbortStep } from '@holdfast/kit';
import type { AgentPorts, ClusterPorts } from '../ports.ts';
import type { World } from '../world.ts';

type Given = Readonly<{ ports: AgentPorts; cluster: ClusterPorts; world: World }>;

/** For asking a kit for its quick way out while everything is well. */
const askBudgetMs = 5_000;
/** Of the time for a drop, so much at its end is kept for looking whether all is down. */
const shareForLooking = 0.3;

/** In which life of the resource it was asked for, and what is known of an earlier one until that is answered. */
type Kept = Readonly<{ life: number; isAnswered: boolean; steps: readonly AbortStep[] | undefined }>;

/**
 * The quick way out, kept as data while all is well, so that nothing has to be asked when the right to act is lost. What
 * rests on a resource is let go of before it; branches at the same time.
 */
export class Drop {
  readonly #given: Given;
  /** Called each time that more is known. */
  onLearned: () => void = () => undefined;
  readonly #kept = new Map<Tag, Kept>();

  constructor(given: Given) {
    this.#given = given;
  }

  /** Asks for the way out of what is in service, once in each life of it. */
  learn(): void {
    const { world } = this.#given;
    for (const [tag, resource] of world.configuration?.resources ?? []) {
      const { state, rises } = world.stateOf(tag);
      if (isOut(state)) this.#kept.delete(tag);
      else if (state !== 'ILLSTATE' && this.#kept.get(tag)?.life !== rises) void this.#learn(resource, rises);
    }
  }

  async #learn(resource: Resource, life: number): Promise<void> {
    const { log } = this.#given.ports;
    const before = this.#kept.get(resource.tag)?.steps;
    this.#kept.set(resource.tag, { life, isAnswered: false, steps: before });
    try {
      this.#kept.set(resource.tag, {
        life,
        isAnswered: true,
        steps: await this.#ask(resource, askBudgetMs),
      });
    } catch (error) {
      this.#kept.set(resource.tag, { life, isAnswered: true, steps: before });
      const says = `${resource.tag}: its quick way out is not known`;
      log.warn({ event: 'abort-not-known', tag: resource.tag, error: String(error) }, says);
    }
    this.onLearned();
  }

  /** Whether anything may run here, by its states. */
  get mayRun(): boolean {
    const { world } = this.#given;
    return [...(world.configuration?.resources.keys() ?? [])].some((tag) => mayRun(world, tag));
  }

  /** The way out of all that may run was asked for, and the answers are there. */
  get isLearned(): boolean {
    const { world } = this.#given;
    const tags = [...(world.configuration?.resources.keys() ?? [])].filter((tag) => mayRun(world, tag));
    return tags.every((tag) => this.#kept.get(tag)?.isAnswered === true);
  }

  /**
   * What is known of the way out, in levels: what rests on a resource is in an earlier one. Where it is not known how to let go
   * of something, what that rests on is left as well: its users would still be there.
   */
  levels(): readonly (readonly (readonly AbortStep[])[])[] {
    const { world } = this.#given;
    const graph = world.configuration?.graph;
    const levelOf = new Map<Tag, number>();
    const levels: (readonly AbortStep[])[][] = [];
    const isLeft = new Set<Tag>();
    for (const tag of graph?.parentsFirst() ?? []) {
      const parents = graph!.parentsOf(tag);
      const level = Math.max(0, ...parents.map((parent) => levelOf.get(parent)! + 1));
      levelOf.set(tag, level);
      const steps = this.#kept.get(tag)?.steps;
      const isInUse = parents.some((parent) => isLeft.has(parent));
      if (isInUse || (steps === undefined && mayRun(world, tag))) isLeft.add(tag);
      while (levels.length <= level) levels.push([]);
      if (!isInUse && steps !== undefined && steps.length > 0) levels[level]!.push(steps);
    }
    return levels.filter((level) => level.length > 0);
  }

  /**
   * Lets go of everything that may run here; as long as the right lasts, by an orderly remove. Answers what is not surely
   * down when the time is over.
   */
  async run(withinMs: number, orderlyUntil = 0): Promise<readonly Tag[]> {
    const { cluster, world } = this.#given;
    const inOrderMs = Math.max(0, orderlyUntil - cluster.bootClock.now());
    const totalMs = inOrderMs + withinMs;
    const until = cluster.bootClock.now() + totalMs;
    const configuration = world.configuration;
    if (configuration === undefined) return [];
    const tags = [...configuration.resources.keys()].filter((tag) => mayRun(world, tag));
    const dropped = new Map<Tag, Promise<void>>();
    for (const tag of configuration.graph.parentsFirst()) {
      if (!tags.includes(tag)) continue;
      const above = configuration.graph.parentsOf(tag).map((parent) => dropped.get(parent));
      dropped.set(
        tag,
        Promise.all(above).then(() => this.#end(configuration.resources.get(tag)!, until, orderlyUntil)),
      );
    }
    const left = () => until - cluster.bootClock.now();
    await this.#within(Promise.all(dropped.values()), inOrderMs + withinMs * (1 - shareForLooking));
    const seen = await Promise.all(tags.map((tag) => this.#look(configuration.resources.get(tag)!, left())));
    return tags.filter((_, at) => seen[at] !== 'out-of-service');
  }

  /** In order as long as there is time for it; what did not go by that is let go of. */
  async #end(resource: Resource, until: number, orderlyUntil: number): Promise<void> {
    const { cluster, ports } = this.#given;
    const inOrderMs = orderlyUntil - cluster.bootClock.now();
    if (inOrderMs > 0) {
      const over = new AbortController();
      const request = { ...this.#request(resource, inOrderMs), action: 'remove' as const };
      const removing = ports.kits.act(request, over.signal).then(
        ({ result }) => result === 'done',
        () => false,
      );
      if ((await this.#within(removing, inOrderMs)) === true) return;
      over.abort('its time is over');
    }
    await this.#letGo(resource, until);
  }

  async #letGo(resource: Resource, until: number): Promise<void> {
    const { cluster, ports, world } = this.#given;
    const left = () => Math.max(1, until - cluster.bootClock.now());
    const kept = this.#kept.get(resource.tag);
    const isFresh = kept?.steps !== undefined && kept.life === world.stateOf(resource.tag).rises;
    const steps = isFresh ? kept.steps : await this.#ask(resource, left()).catch(() => kept?.steps);
    if (steps !== undefined) {
      for (const step of steps)
        await cluster.runAbort({ ...step, budgetMs: Math.min(step.budgetMs, left()) });
      return;
    }
    const request = { ...this.#request(resource, left()), action: 'remove' as const };
    await ports.kits.act(request, new AbortController().signal).catch(() => undefined);
  }

  async #look(resource: Resource, withinMs: number): Promise<string> {
    if (withinMs <= 0) return 'unknown';
    const { ports } = this.#given;
    const request = { ...this.#request(resource, withinMs), action: 'quickCheck' as const };
    const looking = ports.kits.check(request, new AbortController().signal).then(
      ({ finding }) => finding,
      () => 'unknown' as const,
    );
    return (await this.#within(looking, withinMs)) ?? 'unknown';
  }

  async #ask(resource: Resource, budgetMs: number): Promise<readonly AbortStep[] | undefined> {
    const { kits } = this.#given.ports;
    return this.#within(
      kits.abort?.(this.#request(resource, budgetMs), new AbortController().signal) ??
        Promise.resolve(undefined),
      budgetMs,
    );
  }

  #request({ tag, type, settings }: Resource, budgetMs: number) {
    const { identity } = this.#given.ports;
    return { tag, type, settings: settings[identity.node] ?? {}, epoch: 0, args: [], budgetMs };
  }

  async #within<Value>(wait: Promise<Value>, spanMs: number): Promise<Value | undefined> {
    const over = new AbortController();
    const late = this.#given.ports.clock.sleep(spanMs, over.signal).then(() => undefined);
    return Promise.race([wait, late]).finally(() => over.abort());
  }
}

/** What was never seen to run, or was seen to be out last, need not be let go of; what was left half-way must be. */
export function mayRun(world: World, tag: Tag): boolean {
  const { state, begun, lastCheck } = world.stateOf(tag);
  if (begun !== undefined) return true;
  return !(isOut(state) || state === 'ILLSTATE' || lastCheck?.finding === 'out-of-service');
}
