import type { z } from 'zod';
import type { ResourceGraph } from '../graph/resourceGraph.ts';
import type { Policy } from '../policy.ts';
import type { Action, NodeName, Tag, TypeName } from '../vocabulary.ts';
import type { FencingSettings } from './readFencing.ts';
import type { QuorumLoss } from './writtenDocument.ts';
import type { NotifierSettings } from './writtenNotifier.ts';

/** What the core knows of a type. The agent makes it from the kit; the core never sees the kit. */
export type ResourceType = Readonly<{
  type: TypeName;
  /** A schema, or what answers like one: the kit may live where it can only be asked beforehand. */
  settings: Readonly<{ safeParse: (input: unknown) => z.ZodSafeParseResult<unknown> }>;
  /** The names of the settings, for who misspelt one; see `fieldsOf`. */
  fields?: readonly string[] | undefined;
  /** The kit's own key of the protected thing, unique among the resources of the type: an address, a mount point. */
  identity: (settings: unknown) => string;
  actions: readonly Action[];
}>;

export type Settings = Readonly<Record<string, unknown>>;

/** One protected thing, with every question about it answered. */
export type Resource = Readonly<{
  tag: Tag;
  type: TypeName;
  /** Checked and completed by the kit's schema, one for each node. */
  settings: Readonly<Record<NodeName, Settings>>;
  identity: string;
  needs: readonly Tag[];
  needsAny: readonly Tag[];
  after: readonly Tag[];
  policy: Policy;
  actions: readonly Action[];
}>;

/** What is connected through needs and needsAny. It is in service on one node at a time and moves as one. */
export type Hierarchy = Readonly<{
  tags: readonly Tag[];
  /** Allowed nodes with their priority; 1 is the best. Sorted, best first. */
  nodes: readonly Readonly<{ node: NodeName; priority: number }>[];
  switchback: 'INTELLIGENT' | 'AUTOMATIC';
  /** Who is chosen among those that may take it: the best by priority, or whoever has the least. */
  choose: 'order' | 'load';
  placement: readonly Placement[];
}>;

/** A wish to run on the node of another hierarchy, or on any but that; the heavier ones are kept before the lighter. */
export type Placement = Readonly<{ with: Tag; kind: 'together' | 'apart'; priority: number }>;

/** A document that was read and found sound. */
export type Configuration = Readonly<{
  nodes: readonly NodeName[];
  resources: ReadonlyMap<Tag, Resource>;
  hierarchies: readonly Hierarchy[];
  graph: ResourceGraph;
  /** What a node does that is about to lose its right to act. */
  quorumLoss: QuorumLoss;
  notifiers: readonly NotifierSettings[];
  /** Left out where no node can be fenced. */
  fencing?: FencingSettings;
}>;
