import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/**
 * The offset in the text of what a path such as `resources.db.needs.0` names, or of the innermost part around it
 * that is there: a missing field is shown where it is missing. Undefined when the path names nothing in the document.
 */
export function findPlace(document: Document, path: string): number | undefined {
  if (path === '') return undefined;
  return search(document, document.contents, path, undefined).at;
}

type Found = Readonly<{ at: number | undefined; left: string }>;

/** Keys may hold dots, as tags do: each key that the path could begin with is tried, and the one that leads farthest wins. */
function search(document: Document, node: unknown, left: string, at: number | undefined): Found {
  const target = isAlias(node) ? node.resolve(document) : node;
  const found = partsOf(target)
    .filter(({ key }) => left === key || left.startsWith(`${key}.`))
    .map((part) => {
      const rest = left.slice(part.key.length + 1);
      return rest === '' ? { at: part.at, left: rest } : search(document, part.value, rest, part.at);
    });
  return found.reduce((best, one) => (one.left.length < best.left.length ? one : best), { at, left });
}

type Part = Readonly<{ key: string; value: unknown; at: number | undefined }>;

function partsOf(node: unknown): Part[] {
  if (isSeq(node)) {
    return node.items.map((item, index) => ({
      key: String(index),
      value: item,
      at: (item as Node | null)?.range?.[0],
    }));
  }
  if (!isMap(node)) return [];
  return node.items.map(({ key, value }: Pair) => ({
    key: isScalar(key) ? String(key.value) : String(key),
    value,
    at: (key as Node | null)?.range?.[0],
  }));
}
