/** The number of a generation; NaN for anything else. */
export function readGeneration(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
}
