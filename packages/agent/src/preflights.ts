import type { ReadinessRecord, Resource, Tag } from '@holdfast/core';
import { Monitor } from '@holdfast/engine';
import { askPreflight, type Preflight, preflightBudgetMs } from './askPreflight.ts';
import type { Events } from './events.ts';
import { keys } from './keys.ts';
import { OneByOne } from './oneByOne.ts';
import type { AgentPorts } from './ports.ts';
import { StoreFailed, type World } from './world.ts';

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  events: Events;
  onChange: () => void;
  onFault: (error: unknown) => void;
}>;

/** Records in one transaction. */
const partMax = 50;

/**
 * Looks on a node of a cluster, again and again, whether it could run what it may run and does not, and writes the answer
 * down for all nodes. Preflights run one after the other: nobody is in a hurry, and the node has other work.
 */
export class Preflights {
  readonly #given: Given;
  readonly #monitor: Monitor;
  readonly #oneByOne = new OneByOne();
  #watched: ReadonlySet<Tag> = new Set();
  /** About to be looked at. */
  readonly #waiting = new Set<Tag>();
  readonly #unsaved = new Map<Tag, ReadinessRecord>();

  constructor(given: Given) {
    this.#given = given;
    this.#monitor = new Monitor({
      clock: given.ports.clock,
      chance: given.ports.chance,
      check: (tag) => {
        this.#waiting.add(tag);
        return this.#oneByOne.run(() => this.#look(tag)).catch(given.onFault);
      },
    });
  }

  /** Called after each decision. What is newly a standby is looked at at once. */
  watch(): void {
    const rounds = this.#rounds();
    const before = this.#watched;
    this.#watched = new Set(rounds.keys());
    this.#monitor.watch(rounds);
    for (const tag of rounds.keys()) if (!before.has(tag)) this.#monitor.suspect(tag);
  }

  close(): void {
    this.#monitor.close();
  }

  /** What a preflight said that somebody else asked for. */
  async note(tag: Tag, preflight: Preflight): Promise<void> {
    const resource = this.#given.world.resource(tag);
    if (resource === undefined || !this.#watched.has(tag)) return;
    await this.#oneByOne.run(() => {
      this.#gather(resource, preflight);
      return this.#save();
    });
  }

  #rounds(): ReadonlyMap<Tag, number> {
    const { world, ports } = this.#given;
    const { configuration } = world;
    const rounds = new Map<Tag, number>();
    if (ports.cluster === undefined || configuration === undefined) return rounds;
    for (const { tags, nodes } of configuration.hierarchies) {
      if (nodes.length < 2 || !nodes.some(({ node }) => node === ports.identity.node)) continue;
      for (const tag of tags) {
        const { preflight } = configuration.resources.get(tag)!.policy;
        if (preflight.enabled && this.#isStandby(tag)) rounds.set(tag, preflight.every);
      }
    }
    return rounds;
  }

  /** Of what runs here, or is to come up now, its checks tell more; what failed to come up may come when this changes. */
  #isStandby(tag: Tag): boolean {
    const { world } = this.#given;
    const { state } = world.stateOf(tag);
    return state === 'OSF' || (state === 'OSU' && world.epochOf(tag) === undefined);
  }

  async #look(tag: Tag): Promise<void> {
    const { ports, world } = this.#given;
    const resource = world.resource(tag);
    this.#waiting.delete(tag);
    if (resource === undefined || !this.#isStandby(tag)) return this.#save();
    const preflight = await askPreflight(ports, resource);
    if (world.resource(tag) === resource && this.#isStandby(tag)) this.#gather(resource, preflight);
    await this.#save();
  }

  /** Only news is written: that nothing changed says the record that is there. */
  #gather(resource: Resource, preflight: Preflight): void {
    const { ports, world } = this.#given;
    const before = world.readiness.get(resource.tag);
    const found = { ...readinessOf(resource, preflight), since: ports.clock.wall() };
    if (before !== undefined && isSame(before, found)) return;
    const record = before?.ready === found.ready ? { ...found, since: before.since } : found;
    this.#unsaved.set(resource.tag, record);
  }

  /** Many at once: each write is news for every node. While others are about to be looked at, it waits for them. */
  async #save(): Promise<void> {
    const { ports, world, onChange } = this.#given;
    if (this.#unsaved.size === 0 || (this.#waiting.size > 0 && this.#unsaved.size < partMax)) return;
    const records = [...this.#unsaved].filter(([tag]) => world.resource(tag) !== undefined);
    this.#unsaved.clear();
    const before = new Map(records.map(([tag]) => [tag, world.readiness.get(tag)]));
    const { node } = ports.identity;
    try {
      await world.write(records.map(([tag, value]) => ({ key: keys.readinessOf(node, tag), value })));
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      ports.log.warn({ event: 'store-failed', error: error.message }, 'readiness could not be written');
      // They are looked at again with the next turn.
      const lost = new Set(records.map(([tag]) => tag));
      this.#watched = new Set([...this.#watched].filter((tag) => !lost.has(tag)));
      return;
    }
    for (const [tag, record] of records) this.#tell(tag, before.get(tag), record);
    onChange();
  }

  #tell(tag: Tag, before: ReadinessRecord | undefined, { ready, evidence, todo }: ReadinessRecord): void {
    const { ports, events } = this.#given;
    // That a standby is ready is as it should be; only after it was not, that is news.
    if (before?.ready === ready || (before === undefined && ready)) return;
    events.emit({ kind: 'readiness-changed', tag, ready, evidence, todo });
    const fields = { event: 'readiness-changed', tag, ready, evidence };
    if (ready) ports.log.info(fields, `this node is ready for ${tag} again`);
    else ports.log.warn(fields, `this node is not ready for ${tag}: ${evidence}`);
  }
}

function readinessOf({ type }: Resource, preflight: Preflight): Omit<ReadinessRecord, 'since'> {
  switch (preflight.kind) {
    case 'answer': {
      const { ready, evidence, todo, rank, warnings } = preflight.readiness;
      return { ready, evidence, todo, rank, warnings: [...warnings] };
    }
    case 'none':
      return { ready: true, evidence: `the kit ${type} has no preflight`, todo: '', rank: 100, warnings: [] };
    case 'no-answer':
      return {
        ready: false,
        evidence: `its preflight gave no answer within ${preflightBudgetMs / 1000} s`,
        todo: `this is a fault in the kit ${type}; see the log of the agent`,
        rank: 0,
        warnings: [],
      };
  }
}

function isSame({ since: _, ...before }: ReadinessRecord, { since: __, ...now }: ReadinessRecord): boolean {
  return JSON.stringify(before) === JSON.stringify(now);
}
