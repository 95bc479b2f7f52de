/** A graph as a sort needs it: for each resource, by number, who rests on it, and on how many it rests. */
export type BareGraph = Readonly<{ parents: readonly (readonly number[])[]; needs: readonly number[] }>;

export function bareGraph(resources: Readonly<Record<string, { needs?: readonly string[] }>>): BareGraph {
  const numbers = new Map(Object.keys(resources).map((tag, number) => [tag, number]));
  const parents: number[][] = Array.from(numbers, () => []);
  const needs: number[] = [];
  for (const [tag, { needs: children = [] }] of Object.entries(resources)) {
    needs.push(children.length);
    for (const child of children) parents[numbers.get(child)!]!.push(numbers.get(tag)!);
  }
  return { parents, needs };
}

/**
 * A topological sort and nothing else: the limit for whatever respects an order. A library's would call itself as deep
 * as the graph is, and its stack ends with a chain of thousands.
 */
export function sortBare({ parents, needs }: BareGraph): readonly number[] {
  const open = [...needs];
  const sorted: number[] = [];
  for (const [number, count] of open.entries()) if (count === 0) sorted.push(number);
  for (let at = 0; at < sorted.length; at += 1) {
    for (const parent of parents[sorted[at]!]!) {
      open[parent]! -= 1;
      if (open[parent] === 0) sorted.push(parent);
    }
  }
  if (sorted.length < needs.length) throw new Error('the benchmark describes a graph with a cycle');
  return sorted;
}
