import {
  type FlagsAnswer,
  type NodeName,
  noFailoverPrefix,
  ok,
  type Result,
  refuse,
  volatilePrefix,
} from '@holdfast/core';
import type { AgentPorts } from './ports.ts';
import type { World } from './world.ts';

type Given = Readonly<{ ports: AgentPorts; world: World; onChange: () => void }>;
type Request = Readonly<{ flag: string; by: string }>;

/** Names that people and scripts leave on the node. The core's `failoverFlags.ts` says by which of them it decides. */
export class Flags {
  readonly #given: Given;
  /** Nodes of flags that forbid their failover, once they were seen to be away. */
  readonly #away = new Set<NodeName>();

  constructor(given: Given) {
    this.#given = given;
  }

  list(): FlagsAnswer {
    return { flags: [...this.#given.world.flags.keys()].sort() };
  }

  async create({ flag, by }: Request): Promise<Result<FlagsAnswer>> {
    const { ports, world, onChange } = this.#given;
    const before = world.flags.get(flag);
    if (before !== undefined) {
      return refuse({
        code: 'FLAG_EXISTS',
        path: flag,
        what: `There is a flag ${flag} already`,
        why: `${before.by} made it`,
        todo: `remove it first, if it is yours: flg_remove -f '${flag}'`,
      });
    }
    await world.setFlags(new Map([[flag, { by, at: ports.clock.wall() }]]));
    ports.log.info({ event: 'flag-created', flag, by }, `${by} made the flag ${flag}`);
    onChange();
    return ok(this.list());
  }

  async remove({ flag, by }: Request): Promise<Result<FlagsAnswer>> {
    const { ports, world, onChange } = this.#given;
    if (!world.flags.has(flag)) {
      return refuse({
        code: 'UNKNOWN_FLAG',
        path: flag,
        what: `There is no flag ${flag}`,
        why: 'nobody made one of this name on this node, or it was removed',
        todo: 'list them: flg_list',
      });
    }
    await world.setFlags(new Map([[flag, undefined]]));
    ports.log.info({ event: 'flag-removed', flag, by }, `${by} removed the flag ${flag}`);
    onChange();
    return ok(this.list());
  }

  /** What forbids the failover of a node ends when that node is back. One that was never away may yet go. */
  async dropOfReturned(isAlive: (node: NodeName) => boolean): Promise<void> {
    const { ports, world } = this.#given;
    const over: string[] = [];
    for (const flag of world.flags.keys()) {
      if (!flag.startsWith(noFailoverPrefix)) continue;
      const node = flag.slice(noFailoverPrefix.length) as NodeName;
      if (!isAlive(node)) this.#away.add(node);
      else if (this.#away.delete(node)) over.push(flag);
    }
    if (over.length === 0) return;
    await world.setFlags(new Map(over.map((flag) => [flag, undefined])));
    for (const flag of over)
      ports.log.info({ event: 'flag-removed', flag }, `${flag} ends: the node is back`);
  }

  /** The short memory of scripts ends with the life of the agent in which they wrote it. */
  async dropVolatile(): Promise<void> {
    const { world } = this.#given;
    const old = [...world.flags.keys()].filter((flag) => flag.startsWith(volatilePrefix));
    if (old.length > 0) await world.setFlags(new Map(old.map((flag) => [flag, undefined])));
  }
}
