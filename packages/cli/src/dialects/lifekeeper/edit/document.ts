/*
 * The document as it was written, while a command changes a part of it. Only what commands touch is named; all else
 * is carried along as it is, and the agent checks the whole.
 */

export type DraftResource = {
  type: string;
  settings?: Record<string, unknown>;
  nodes?: Record<string, Record<string, unknown>>;
  needs?: string[];
  needsAny?: string[];
  after?: string[];
  policy?: DraftPolicy;
};

export type DraftPolicy = {
  localRecovery?: { enabled?: boolean; attempts?: number; within?: string };
  failover?: { enabled?: boolean };
  notificationOnly?: boolean;
};

export type DraftHierarchy = {
  nodes?: Record<string, number>;
  switchback?: 'INTELLIGENT' | 'AUTOMATIC';
  policy?: DraftPolicy;
};

export type Draft = {
  nodes: (string | { name: string })[];
  resources: Record<string, DraftResource>;
  hierarchies?: Record<string, DraftHierarchy>;
  policy?: DraftPolicy;
};

/** A copy to change, also of nothing: the first resource of a node makes the first document. */
export function draftOf(document: unknown, node: string): Draft {
  if (document === null || document === undefined) return { nodes: [node], resources: {} };
  const copy = structuredClone(document) as Draft;
  copy.resources ??= {};
  return copy;
}

export function nodeNames({ nodes }: Pick<Draft, 'nodes'>): string[] {
  return nodes.map((node) => (typeof node === 'string' ? node : node.name));
}
