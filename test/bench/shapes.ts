import { type GivenResource, Random } from '@holdfast/testkit';

type Resources = Record<string, GivenResource>;

/** Graphs of so many resources, each as it might be found, or at an end of what might be. */
export const shapes = { trees, dag, chain, flat } as const;

export type Shape = keyof typeof shapes;

/** Services of 50 resources each: every one rests on two others. What clusters look like. */
function trees(count: number): Resources {
  return build(count, (n) => {
    const place = n % 50;
    const base = n - place;
    const children = [2 * place + 1, 2 * place + 2].filter((child) => child < 50 && base + child < count);
    return children.map((child) => base + child);
  });
}

/** One hierarchy in which each resource rests on two others, by chance: the same for every run. */
function dag(count: number): Resources {
  const random = new Random(8);
  return build(count, (n) => {
    if (n === 0) return [];
    return [...new Set([random.between(0, n - 1), random.between(0, n - 1)])];
  });
}

/** Each rests on the one before: as deep as can be. */
function chain(count: number): Resources {
  return build(count, (n) => (n === 0 ? [] : [n - 1]));
}

/** None rests on any: as many hierarchies as resources. */
function flat(count: number): Resources {
  return build(count, () => []);
}

function build(count: number, childrenOf: (n: number) => readonly number[]): Resources {
  const entries = Array.from({ length: count }, (_, n): [string, GivenResource] => [
    `r${n}`,
    { needs: childrenOf(n).map((child) => `r${child}`) },
  ]);
  return Object.fromEntries(entries);
}
