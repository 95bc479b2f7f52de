export type Scope = Readonly<{ tag?: string; scope: 'resource' | 'hierarchy' | 'node' }>;

/** What a pause is about; undefined when the words do not say one thing. */
export function readScope(options: { tag?: string; hierarchy?: boolean; node?: boolean }): Scope | undefined {
  const { tag, hierarchy = false, node = false } = options;
  if (node) return tag === undefined && !hierarchy ? { scope: 'node' } : undefined;
  return tag === undefined ? undefined : { tag, scope: hierarchy ? 'hierarchy' : 'resource' };
}
