/** The command could not be understood: exit code 2, and the message says what is wrong with it. */
export class UsageError extends Error {
  override name = 'UsageError';
}
