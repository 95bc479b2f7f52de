import fc from 'fast-check';

/** The long tests look at ten times as many worlds, and at others each time; `npm test` at the same ones. */
const isLong = process.env.HOLDFAST_LONG === '1';
const given = process.env.HOLDFAST_SEED;
const seed = given !== undefined ? Number(given) : isLong ? undefined : 1;

/** Tries a property on enough worlds to trust it; a failure prints its seed and the smallest world that shows it. */
export function holds<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  runs = 300,
): void {
  fc.assert(property, { numRuns: isLong ? runs * 10 : runs, ...(seed === undefined ? {} : { seed }) });
}
