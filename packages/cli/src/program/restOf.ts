/** What stands after `--`, for the action of a kit. */
export function restOf(options: object): string[] {
  return [...((options as { '--'?: readonly string[] })['--'] ?? [])];
}
