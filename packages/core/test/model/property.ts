import fc from 'fast-check';

/** The long tests look at ten times as many worlds. */
const scale = process.env.HOLDFAST_LONG === '1' ? 10 : 1;

/** Tries a property on enough worlds to trust it; a failure prints its seed and the smallest world that shows it. */
export function holds<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  runs = 300,
): void {
  fc.assert(property, { numRuns: runs * scale });
}
