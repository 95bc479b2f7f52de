import type { Action, NodeName, Tag } from '@holdfast/core';
import type { Machine } from './machine.ts';

/** How one resource really stands on one node, whatever anybody believes. */
export type Reality = {
  /** Something of it is there: it could act on what it protects. */
  running: boolean;
  /** What is there does not serve. */
  broken: boolean;
  /** Somebody outside changed it, and no check has seen that yet. */
  surprise: boolean;
  acting: Action | undefined;
  /** The quick way out of it was tried since it came up. */
  wasLetGo: boolean;
  /** When it last came up. */
  since: number;
};

/** What really runs where. */
export class ResourceWorld {
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #now: () => number;
  readonly #reality = new Map<string, Map<Tag, Reality>>();
  /** Called each time that something begins to run, or a machine that slept goes on. */
  onRuns: (tag: Tag, node: NodeName) => void = () => undefined;

  constructor(machines: readonly Machine[], now: () => number) {
    this.#now = now;
    this.#machines = new Map(machines.map((machine) => [machine.name, machine]));
    for (const { name } of machines) this.#reality.set(name, new Map());
  }

  of(node: string, tag: Tag): Reality {
    const here = this.#reality.get(node)!;
    const known = here.get(tag);
    if (known !== undefined) return known;
    const nothing: Reality = {
      running: false,
      broken: false,
      surprise: false,
      acting: undefined,
      wasLetGo: false,
      since: 0,
    };
    here.set(tag, nothing);
    return nothing;
  }

  on(node: string): ReadonlyMap<Tag, Reality> {
    return this.#reality.get(node)!;
  }

  serves(node: string, tag: Tag): boolean {
    const { running, broken } = this.of(node, tag);
    return running && !broken;
  }

  change(node: string, tag: Tag, to: Partial<Reality>): void {
    const reality = this.of(node, tag);
    const ran = reality.running;
    Object.assign(reality, to);
    if (!ran) Object.assign(reality, { wasLetGo: false, since: this.#now() });
    if (reality.running && !ran) this.onRuns(tag, node as NodeName);
  }

  /** The nodes that run it and could touch what it protects in this moment. */
  whereItActs(tag: Tag): readonly string[] {
    return [...this.#reality.keys()].filter(
      (node) => this.#machines.get(node)!.canAct && this.of(node, tag).running,
    );
  }

  whereItRuns(tag: Tag): readonly string[] {
    return [...this.#reality.keys()].filter((node) => this.of(node, tag).running);
  }

  /** A machine goes on after a sleep: what ran on it runs. */
  thaw(node: string): void {
    for (const [tag, { running }] of this.#reality.get(node)!)
      if (running) this.onRuns(tag, node as NodeName);
  }

  powerOff(node: string): void {
    this.#reality.get(node)!.clear();
  }
}
