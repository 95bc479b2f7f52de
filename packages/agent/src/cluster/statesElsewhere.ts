import type { NodeMode, NodeName, ReadinessRecord, StateRecord, Tag } from '@holdfast/core';
import type { Entry } from '@holdfast/store';

/** How one resource stands on another node. */
export type Elsewhere = Readonly<{ node: NodeName; record: StateRecord }>;

type Schema<Value> = Readonly<{ parse: (value: unknown) => Value }>;
type Seen<Value> = Readonly<{ value: Value; revision: number }>;

/**
 * What the other nodes wrote of themselves. A record counts only when it is newer than the session of its node: what a node
 * wrote before it died, or before its agent did, says nothing about how it stands now.
 */
export class StatesElsewhere {
  readonly #node: NodeName;
  readonly #states = new Map<NodeName, Map<Tag, Seen<StateRecord>>>();
  readonly #readiness = new Map<NodeName, Map<Tag, Seen<ReadinessRecord>>>();
  readonly #flags = new Map<NodeName, Set<string>>();
  readonly #modes = new Map<NodeName, Seen<NodeMode>>();
  /** The revision at which each session began. Its end is a change of the record too, and does not count. */
  readonly #sessions = new Map<NodeName, Readonly<{ id: unknown; revision: number }>>();

  constructor(node: NodeName) {
    this.#node = node;
  }

  takeState({ key, value, revision }: Entry, prefix: string, schema: Schema<StateRecord>): void {
    const [node] = key.slice(prefix.length).split('/', 1) as [NodeName];
    const tag = key.slice(prefix.length + node.length + 1) as Tag;
    const states = this.#states.get(node) ?? new Map<Tag, Seen<StateRecord>>();
    this.#states.set(node, states);
    states.delete(tag);
    if (value !== undefined) states.set(tag, { value: schema.parse(value), revision });
  }

  takeReadiness({ key, value, revision }: Entry, prefix: string, schema: Schema<ReadinessRecord>): void {
    const [node] = key.slice(prefix.length).split('/', 1) as [NodeName];
    const tag = key.slice(prefix.length + node.length + 1) as Tag;
    const found = this.#readiness.get(node) ?? new Map<Tag, Seen<ReadinessRecord>>();
    this.#readiness.set(node, found);
    found.delete(tag);
    if (value !== undefined) found.set(tag, { value: schema.parse(value), revision });
  }

  /** Flags outlive the agent that wrote them. */
  takeFlag({ key, value }: Entry, prefix: string): void {
    const [node] = key.slice(prefix.length).split('/', 1) as [NodeName];
    const flags = this.#flags.get(node) ?? new Set<string>();
    this.#flags.set(node, flags);
    const flag = key.slice(prefix.length + node.length + 1);
    if (value === undefined) flags.delete(flag);
    else flags.add(flag);
  }

  takeMode({ key, value, revision }: Entry, prefix: string, schema: Schema<{ mode: NodeMode }>): void {
    const node = key.slice(prefix.length) as NodeName;
    this.#modes.delete(node);
    if (value !== undefined) this.#modes.set(node, { value: schema.parse(value).mode, revision });
  }

  takeSession({ key, value, revision }: Entry, prefix: string): void {
    const node = key.slice(prefix.length) as NodeName;
    const id = (value as { id?: unknown } | undefined)?.id;
    if (this.#sessions.get(node)?.id !== id) this.#sessions.set(node, { id, revision });
  }

  /** The revision at which the present session of a node began. */
  joinedAt(node: NodeName): number | undefined {
    return this.#sessions.get(node)?.revision;
  }

  flags(): Record<NodeName, readonly string[]> {
    return Object.fromEntries([...this.#flags].map(([node, flags]) => [node, [...flags].sort()]));
  }

  readiness(): Record<NodeName, Record<Tag, ReadinessRecord>> {
    return Object.fromEntries(
      [...this.#readiness].map(([node, found]) => [
        node,
        Object.fromEntries(
          [...found].flatMap(([tag, seen]) => {
            const record = this.#ofThisLife(node, seen);
            return record === undefined ? [] : [[tag, record]];
          }),
        ),
      ]),
    );
  }

  modeOf(node: NodeName): NodeMode | undefined {
    return this.#ofThisLife(node, this.#modes.get(node));
  }

  of(tag: Tag): readonly Elsewhere[] {
    return this.#nodes().flatMap((node) => {
      const record = this.#ofThisLife(node, this.#states.get(node)?.get(tag));
      return record === undefined ? [] : [{ node, record }];
    });
  }

  all(): Record<NodeName, Record<Tag, StateRecord>> {
    return Object.fromEntries(
      this.#nodes().map((node) => [
        node,
        Object.fromEntries(
          [...this.#states.get(node)!].flatMap(([tag, seen]) => {
            const record = this.#ofThisLife(node, seen);
            return record === undefined ? [] : [[tag, record]];
          }),
        ),
      ]),
    );
  }

  #nodes(): readonly NodeName[] {
    return [...this.#states.keys()].filter((node) => node !== this.#node);
  }

  #ofThisLife<Value>(node: NodeName, seen: Seen<Value> | undefined): Value | undefined {
    if (seen === undefined) return undefined;
    return seen.revision > (this.#sessions.get(node)?.revision ?? 0) ? seen.value : undefined;
  }
}
