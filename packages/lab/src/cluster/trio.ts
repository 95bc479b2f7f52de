import { readFileSync } from 'node:fs';
import type { LabNode } from '../labHost.ts';
import { type Lab, openLab } from '../openLab.ts';
import { preparePostgres } from '../preparePostgres.ts';

/** The two nodes that may have the service; the third only votes. */
export const names = ['alpha', 'beta'] as const;
export type Name = (typeof names)[number];
export const addressOf = { alpha: '10.77.0.2', beta: '10.77.0.3', voter: '10.77.0.4' } as const;
export const mountPoint = '/srv/pg';
export const dataDirectory = '/srv/pg/data';

export function otherOf(name: Name): Name {
  return names.find((other) => other !== name)!;
}

/** Three nodes, a disk that two of them can mount, with a database on it; nothing of it is in service. */
export class Trio {
  readonly lab: Lab;
  readonly device: string;
  readonly voter: LabNode;
  readonly #nodes: Map<Name, LabNode>;

  private constructor(lab: Lab, device: string, voter: LabNode, nodes: Map<Name, LabNode>) {
    this.lab = lab;
    this.device = device;
    this.voter = voter;
    this.#nodes = nodes;
  }

  /** In a lab that is open, or in one of its own. */
  static async open(opened?: Lab): Promise<Trio> {
    const lab = opened ?? (await openLab());
    try {
      const [alpha, beta, voter] = await Promise.all(
        (['alpha', 'beta', 'voter'] as const).map((name) => lab.addNode({ name, address: addressOf[name] })),
      );
      const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
      await preparePostgres(alpha!, { device, mountPoint, dataDirectory });
      return new Trio(
        lab,
        device,
        voter!,
        new Map([
          ['alpha', alpha!],
          ['beta', beta!],
        ]),
      );
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  node(name: Name): LabNode {
    return this.#nodes.get(name)!;
  }

  all(): readonly LabNode[] {
    return [...this.#nodes.values(), this.voter];
  }

  async powerCut(name: Name): Promise<void> {
    const node = this.node(name);
    await this.lab.powerCut(node);
    this.forget(name);
  }

  /** A node that somebody else has switched off. */
  forget(name: Name): void {
    this.#nodes.delete(name);
  }

  /** An empty machine of the same name, in the place of one that lost its power. */
  async replace(name: Name): Promise<LabNode> {
    const node = await this.lab.addNode({ name, address: addressOf[name] });
    this.#nodes.set(name, node);
    return node;
  }

  /** Who has the address or the mount at this moment, by the kernel's own lists; a node without power has neither. */
  holders(address: string): readonly Name[] {
    return [...this.#nodes].filter(([, { pid }]) => holds(pid, address)).map(([name]) => name);
  }
}

function holds(pid: number, address: string): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/net/fib_trie`, 'utf8').includes(` ${address}\n`) ||
      readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(` ${mountPoint} `)
    );
  } catch {
    return false; // Its power is being cut.
  }
}
