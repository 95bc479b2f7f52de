import type { BeatTimes, Claim, Configuration, HierarchyRecord, Intent, NodeName, Tag } from '@holdfast/core';
import type { ActRequest } from '@holdfast/engine';
import type { Changes, Entry } from '@holdfast/store';
import type { ClusterNode } from './clusterNode.ts';
import type { Machine } from './machine.ts';
import type { ResourceWorld } from './resourceWorld.ts';
import type { SimulatedEtcd } from './simulatedEtcd.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';
import type { Sent } from './storePath.ts';

type Given = Readonly<{
  etcd: SimulatedEtcd;
  world: ResourceWorld;
  times: BeatTimes;
  now: () => number;
  machineOf: (node: string) => Machine;
  configuration: () => Configuration;
  violate: (what: string) => void;
}>;

type SessionOf = Readonly<{ id: string; boot: string; endedBy?: string }>;

/** Clocks run apart by at most so much. */
const drift = 0.02;

/**
 * Holds everything that happens against the invariants of DESIGN.md, section 5, by how the world really stands and what the
 * store really holds, and not by what anybody believes.
 */
export class ClusterJudge {
  readonly #given: Given;
  /** On the machine's own clock: until when the last beat that was committed lets its node act. */
  readonly #rights = new Map<string, Readonly<{ session: string; until: number }>>();
  readonly #endedAt = new Map<string, number>();
  readonly #intents = new Map<Tag, { revision: number; want: Intent['want'] }[]>();
  readonly #pauses = new Map<Tag, { revision: number; paused: boolean }[]>();

  constructor(given: Given) {
    this.#given = given;
    given.etcd.onCommit = (changes, before) => this.#committed(changes, before);
    given.world.onRuns = (tag) => this.#runs(tag);
  }

  /** A transaction of a node took effect. */
  arrived({ transaction, process, sentAt }: Sent): void {
    const beat = transaction.write.find(({ key }) => key.startsWith('beat/'));
    if (beat === undefined) return;
    const { session } = beat.value as { session: string };
    this.#rights.set(process.machine.name, { session, until: sentAt + this.#given.times.right });
  }

  /** A step begins, or a drop acts on a resource. */
  acts(node: ClusterNode, { tag, action, epoch }: ActRequest): void {
    const { world } = this.#given;
    const where = `${action} of ${tag} on ${node.name}`;
    const { acting } = world.of(node.name, tag);
    if (action === 'remove' && epoch === 0 && node.agent?.status().agent.phase !== 'running') {
      this.letsGo(node, tag, node.process!);
      return;
    }
    if (acting !== undefined) this.#violate(`${where} begins while its ${acting} is under way`);
    if (action === 'remove') {
      this.#judgeRight(node, where);
      this.#judgeParents(node, tag);
      return;
    }
    this.#judgeRight(node, where);
    this.#judgeChildren(node, tag, where);
    this.#judgeClaim(node, tag, { epoch, where });
    this.#judgeWish(node, tag, where);
  }

  /**
   * A drop lets go of a resource: it waits for nothing that is under way, and not for what would not go, but it has tried to
   * let go of what rests on it, unless that came while it slept.
   */
  letsGo({ name }: ClusterNode, tag: Tag, by: SimulatedProcess): void {
    const { configuration, world } = this.#given;
    for (const parent of configuration().graph.parentsOf(tag)) {
      const { running, surprise, wasLetGo, since } = world.of(name, parent);
      if (running && !surprise && !wasLetGo && since < by.stoppedAt)
        this.#violate(`invariant 2: ${tag} is let go of on ${name} while ${parent}, which needs it, runs`);
    }
    world.change(name, tag, { wasLetGo: true });
  }

  /** Where each resource that is wanted serves, and nothing else runs; says what is not so. */
  notAsWanted(): readonly string[] {
    const { etcd, world, configuration } = this.#given;
    return [...configuration().resources.keys()].flatMap((tag) => {
      if (etcd.valueOf(`pause/${tag}`) !== undefined) return [];
      const intent = etcd.valueOf(`intent/${tag}`) as Intent | undefined;
      const where = world.whereItRuns(tag);
      if (intent?.want !== 'inService')
        return where.length === 0 ? [] : [`${tag} should be out of service and runs on ${where}`];
      const owner = this.#claimOf(tag)?.node;
      const serves = owner !== undefined && where.length === 1 && world.serves(owner, tag);
      return serves ? [] : [`invariant 5: ${tag} should be in service and is not: it runs on [${where}]`];
    });
  }

  /** Invariant 1, in the moment in which something begins to run. */
  #runs(tag: Tag): void {
    const where = this.#given.world.whereItActs(tag);
    if (where.length > 1) this.#violate(`invariant 1: ${tag} runs on ${where.join(' and ')}`);
  }

  #judgeParents({ name }: ClusterNode, tag: Tag): void {
    const { configuration, world } = this.#given;
    const { graph } = configuration();
    for (const parent of graph.parentsOf(tag)) {
      const { running, surprise } = world.of(name, parent);
      if (!running || surprise || this.#hasOther(name, parent, tag)) continue;
      this.#violate(`invariant 2: ${tag} is removed on ${name} while ${parent}, which needs it, runs`);
    }
  }

  #judgeChildren({ name }: ClusterNode, tag: Tag, where: string): void {
    const { graph } = this.#given.configuration();
    for (const child of graph.needsOf(tag))
      if (!this.#isThere(name, child))
        this.#violate(`invariant 2: ${where} begins while ${child}, which it needs, is not in service`);
    const any = graph.needsAnyOf(tag);
    if (any.length > 0 && !any.some((child) => this.#isThere(name, child)))
      this.#violate(`invariant 2: ${where} begins while none of ${any.join(', ')} is in service`);
  }

  #hasOther(node: string, parent: Tag, tag: Tag): boolean {
    const { graph } = this.#given.configuration();
    if (graph.needsOf(parent).includes(tag)) return false;
    if (!this.#given.world.serves(node, tag)) return true;
    return graph.needsAnyOf(parent).some((child) => child !== tag && this.#isThere(node, child));
  }

  /** It serves, or it broke a moment ago and nobody could know. */
  #isThere(node: string, child: Tag): boolean {
    const { world, etcd } = this.#given;
    return (
      world.serves(node, child) ||
      world.of(node, child).surprise ||
      etcd.valueOf(`pause/${child}`) !== undefined
    );
  }

  /** Invariant 3. */
  #judgeRight({ name, machine }: ClusterNode, where: string): void {
    const right = this.#rights.get(name);
    const session = this.#given.etcd.valueOf(`session/${name}`) as SessionOf | undefined;
    const now = machine.uptime();
    if (right === undefined || session?.id !== right.session || session.endedBy !== undefined)
      this.#violate(`invariant 3: ${where} begins, and the session of its node is over`);
    else if (now >= right.until)
      this.#violate(
        `invariant 3: ${where} begins ${now - right.until} ms after the right of its node was over`,
      );
  }

  #judgeClaim(node: ClusterNode, tag: Tag, { epoch, where }: { epoch: number; where: string }): void {
    const claim = this.#claimOf(tag);
    const isOurs =
      claim !== undefined && !claim.clean && claim.node === node.name && claim.boot === node.machine.bootId;
    if (!isOurs || claim.epoch !== epoch)
      this.#violate(
        `invariant 3: ${where} begins under epoch ${epoch}, and the claim is ${JSON.stringify(claim)}`,
      );
  }

  /** Invariant 8, by what the agent was told of: what is on its way to it, it cannot know. */
  #judgeWish({ seen }: ClusterNode, tag: Tag, where: string): void {
    const asOf = <Value extends { revision: number }>(
      list: readonly Value[] | undefined,
    ): Value | undefined => list?.findLast(({ revision }) => revision <= seen);
    const later = this.#intents
      .get(tag)
      ?.some(({ revision, want }) => revision > seen && want === 'inService');
    if (asOf(this.#intents.get(tag))?.want !== 'inService' && later !== true)
      this.#violate(`invariant 8: ${where} begins though it is wanted out of service`);
    if (
      asOf(this.#pauses.get(tag))?.paused === true &&
      this.#given.etcd.valueOf(`pause/${tag}`) !== undefined
    )
      this.#violate(`invariant 8: ${where} begins though it is paused`);
  }

  #committed({ revision, entries }: Changes, before: ReadonlyMap<string, Entry>): void {
    for (const { key, value } of entries) {
      if (key.startsWith('intent/')) {
        const tag = key.slice('intent/'.length) as Tag;
        const want = (value as Intent | undefined)?.want ?? 'outOfService';
        this.#intents.set(tag, [...(this.#intents.get(tag) ?? []), { revision, want }]);
      } else if (key.startsWith('pause/')) {
        const tag = key.slice('pause/'.length) as Tag;
        this.#pauses.set(tag, [...(this.#pauses.get(tag) ?? []), { revision, paused: value !== undefined }]);
      } else if (key.startsWith('session/')) {
        const node = key.slice('session/'.length);
        this.#noteSession(node, before.get(key)?.value as SessionOf | undefined, value as SessionOf);
      } else if (key.startsWith('claim/'))
        this.#judgeChange(
          key.slice('claim/'.length),
          before.get(key)?.value as Claim | undefined,
          value as Claim | undefined,
        );
    }
  }

  /** A session is ended by a peer only when its right is over, and by no earlier life of its own node. */
  #noteSession(node: string, before: SessionOf | undefined, is: SessionOf): void {
    if (before === undefined || (is.id === before.id && is.endedBy === undefined)) return;
    if (!this.#endedAt.has(before.id)) this.#endedAt.set(before.id, this.#given.now());
    const machine = this.#given.machineOf(node);
    const right = this.#rights.get(node);
    const left = right?.session === before.id ? right.until - machine.uptime() : 0;
    if (is.endedBy !== undefined && is.endedBy !== node && machine.isUp && left > 0)
      this.#violate(
        `invariant 3: ${is.endedBy} ends the session of ${node}, whose right lasts ${left} ms more`,
      );
    if (is.id !== before.id && before.boot === machine.bootId && is.boot !== machine.bootId)
      this.#violate(`invariant 3: a session of an earlier boot of ${node} takes the place of a living one`);
  }

  /** Invariant 4, and what a clean claim says. */
  #judgeChange(hierarchy: string, before: Claim | undefined, after: Claim | undefined): void {
    if (before === undefined || before.clean || after === undefined) return;
    const { now, times, world } = this.#given;
    if (after.node === before.node) {
      const left = after.clean
        ? this.#tagsOf(hierarchy).filter(
            (tag) => world.of(before.node, tag).running && !world.of(before.node, tag).surprise,
          )
        : [];
      if (left.length > 0)
        this.#violate(
          `invariant 4: the claim of ${hierarchy} becomes clean while ${left} runs on ${before.node}`,
        );
      return;
    }
    const endedAt = this.#endedAt.get(String(before.session));
    const waited = endedAt === undefined ? -1 : now() - endedAt;
    if (waited < times.takeAfter * (1 - drift) - 20)
      this.#violate(
        `invariant 4: ${after.node} takes ${hierarchy} from ${before.node} ${endedAt === undefined ? 'whose session is not over' : `${Math.round(waited)} ms after its session was over`}`,
      );
  }

  #hierarchies(): readonly HierarchyRecord[] {
    return (this.#given.etcd.valueOf('hierarchies') ?? []) as readonly HierarchyRecord[];
  }

  #tagsOf(hierarchy: string): readonly Tag[] {
    return this.#hierarchies().find(({ id }) => id === hierarchy)?.tags ?? [];
  }

  #claimOf(tag: Tag): (Claim & { node: NodeName }) | undefined {
    const id = this.#hierarchies().find(({ tags }) => tags.includes(tag))?.id;
    return this.#given.etcd.valueOf(`claim/${id}`) as Claim | undefined;
  }

  #violate(what: string): void {
    this.#given.violate(what);
  }
}
