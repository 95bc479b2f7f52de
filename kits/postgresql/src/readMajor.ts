/** The major version in what `postgres --version` prints; undefined when it prints something else. */
export function readMajor(printed: string): string | undefined {
  return /\(PostgreSQL\) (\d+)/.exec(printed)?.[1];
}
