/** Several tags in one value, as LifeKeeper joins them: by byte 1. */
export function roots(joined: string): readonly string[] {
  return joined.split('\u0001').filter((tag) => tag !== '');
}
