/**
 * Groups of which each member can reach every other: what is left of a graph when all that is in no circle is taken
 * away. Tarjan's walk, with a stack of its own instead of calls, because a chain may be longer than calls can nest.
 */
export function findKnots<Node>(
  nodes: Iterable<Node>,
  next: (node: Node) => readonly Node[],
): readonly (readonly Node[])[] {
  const knots: Node[][] = [];
  const foundAs = new Map<Node, number>();
  /** The earliest that a node reaches among those that are still open. */
  const earliest = new Map<Node, number>();
  const open: Node[] = [];
  const isOpen = new Set<Node>();
  for (const start of nodes) if (!foundAs.has(start)) walkFrom(start);
  return knots;

  function walkFrom(start: Node): void {
    const path = [enter(start)];
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { node, left } = step;
      const one = left.pop();
      if (one === undefined) {
        path.pop();
        close(node);
        const before = path.at(-1);
        if (before !== undefined) lower(before.node, earliest.get(node)!);
      } else if (!foundAs.has(one)) path.push(enter(one));
      else if (isOpen.has(one)) lower(node, foundAs.get(one)!);
    }
  }

  function enter(node: Node) {
    foundAs.set(node, foundAs.size);
    earliest.set(node, foundAs.get(node)!);
    open.push(node);
    isOpen.add(node);
    return { node, left: [...next(node)] };
  }

  function lower(node: Node, to: number): void {
    earliest.set(node, Math.min(earliest.get(node)!, to));
  }

  /** Whoever reaches nothing earlier than itself ends a group: all that was opened since is in it. */
  function close(node: Node): void {
    if (earliest.get(node) !== foundAs.get(node)) return;
    const knot = open.splice(open.lastIndexOf(node));
    for (const one of knot) isOpen.delete(one);
    if (knot.length > 1 || next(node).includes(node)) knots.push(knot);
  }
}
