/** A moment for people, in UTC, as the agent's log has it. */
export function sayTime(at: number): string {
  return new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/[.]\d+Z$/, 'Z');
}
