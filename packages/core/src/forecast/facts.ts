import type { NamedHierarchy } from '../decide/eligible.ts';
import type { Claim, Intent, NodeView, Pause, StateRecord, View } from '../decide/view.ts';
import type { Note } from '../plan/plan.ts';
import type { BootId, HierarchyId, NodeName, Tag } from '../vocabulary.ts';

/** What all nodes of a world know; each adds its own name to make a view. Written to while the forecast goes on. */
export type Facts = {
  readonly hierarchies: View['hierarchies'];
  readonly named: readonly NamedHierarchy[];
  readonly hierarchyOf: ReadonlyMap<Tag, HierarchyId>;
  readonly nodes: Record<NodeName, NodeView & { alive: 'yes' | 'gone' }>;
  readonly intents: Record<Tag, Intent>;
  readonly states: Record<NodeName, Record<Tag, StateRecord>>;
  readonly claims: Record<HierarchyId, Claim>;
  readonly requests: Record<HierarchyId, NodeName>;
  /** The turn in which it was taken; what was so at first was taken before all of them. */
  readonly takenAt: Record<HierarchyId, number>;
  readonly failedOn: Record<
    HierarchyId,
    Record<NodeName, NonNullable<View['failedOn']>[HierarchyId][NodeName]>
  >;
  readonly paused: Record<Tag, Pause>;
  /** What can be said of the world before anybody decides. */
  readonly notes: Note[];
};

export const boot = 'boot' as BootId;
export const now = 1;

/** Without a prototype: a resource may be called `constructor`. */
export function bare<Key extends string, Value>(): Record<Key, Value> {
  return Object.create(null) as Record<Key, Value>;
}
