/** What to do about the words of a server that did not start, where a person or another resource must mend it. */
export function todoFor(words: string): string | undefined {
  return todos.find(([pattern]) => pattern.test(words))?.[1];
}

const todos: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot assign requested address/,
    'listen_addresses names an address that is not on this node: let the resource need the address, so that it is there first',
  ],
  [
    /Address already in use|Is another postmaster already running on port/,
    'end what holds the port, or give one of the two another port',
  ],
  [
    /control file|pg_control/,
    'the data are damaged: do not try again, and do not reset the log; restore a backup',
  ],
  [/No space left on device/, 'make room on its file system; on another node it would be as full'],
  [/read-only file system/i, 'the disk is in trouble: see the log of the kernel; another node may reach it'],
];
