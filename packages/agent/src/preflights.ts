import type { ReadinessRecord, Resource, Tag } from '@holdfast/core';
import { Monitor } from '@holdfast/engine';
import { askPreflight, type Preflight, preflightBudgetMs } from './askPreflight.ts';
import type { Events } from './events.ts';
import { keys } from './keys.ts';
import { OneByOne } from './oneByOne.ts';
import type { AgentPorts } from './ports.ts';
import { StoreFailed, type World } from './world.ts';

type Given = Readonly<{ ports: AgentPorts; world: World; events: Events; onChange: () => void }>;

/**
 * Looks on a node of a cluster, again and again, whether it could run what it may run and does not, and writes the answer
 * down for all nodes. Preflights run one after the other: nobody is in a hurry, and the node has other work.
 */
export class Preflights {
  readonly #given: Given;
  readonly #monitor: Monitor;
  readonly #oneByOne = new OneByOne();
  #watched: ReadonlySet<Tag> = new Set();

  constructor(given: Given) {
    this.#given = given;
    this.#monitor = new Monitor({
      clock: given.ports.clock,
      chance: given.ports.chance,
      check: (tag) => this.#oneByOne.run(() => this.#look(tag)),
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
    if (this.#watched.has(tag)) await this.#oneByOne.run(() => this.#write(tag, preflight));
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
    if (resource === undefined || !this.#isStandby(tag)) return;
    const preflight = await askPreflight(ports, resource);
    if (world.resource(tag) === resource && this.#isStandby(tag)) await this.#write(tag, preflight);
  }

  /** Only news is written: that nothing changed says the record that is there. */
  async #write(tag: Tag, preflight: Preflight): Promise<void> {
    const { ports, world, onChange } = this.#given;
    const resource = world.resource(tag);
    if (resource === undefined) return;
    const before = world.readiness.get(tag);
    const found = { ...readinessOf(resource, preflight), since: ports.clock.wall() };
    if (before !== undefined && isSame(before, found)) return;
    const record = before?.ready === found.ready ? { ...found, since: before.since } : found;
    try {
      await world.write([{ key: keys.readinessOf(ports.identity.node, tag), value: record }]);
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      // It is looked at again, and no older answer is believed meanwhile.
      ports.log.warn(
        { event: 'store-failed', tag, error: error.message },
        'a readiness could not be written',
      );
      this.#watched = new Set([...this.#watched].filter((one) => one !== tag));
      return;
    }
    this.#tell(tag, before, record);
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
