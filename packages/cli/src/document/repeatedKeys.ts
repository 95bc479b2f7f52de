import { type Document, isScalar, type Node, visit } from 'yaml';

/**
 * Where a key stands again in one map: the second would replace the first in silence. The library can look for this too,
 * and compares each key with all before it, which takes seconds for some ten thousand resources.
 */
export function repeatedKeys(document: Document): readonly number[] {
  const places: number[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) places.push((key as Node).range?.[0] ?? 0);
        seen.add(key.value);
      }
    },
  });
  return places;
}
