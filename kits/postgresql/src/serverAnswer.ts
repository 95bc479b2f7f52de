import type { Condition, Finding } from '@holdfast/kit';

/** What the server answered, or why it did not. */
export type ServerAnswer = Readonly<{
  finding: Finding;
  says: string;
  conditions: readonly Condition[];
  /** As it is set in the server, where it answered. */
  listenAddresses?: string;
}>;

/** It serves so many that no other client is let in. */
export function fullCondition(says: string): Condition {
  return { code: 'connections-full', says };
}

export function isFull({ conditions }: ServerAnswer): boolean {
  return conditions.some(({ code }) => code === 'connections-full');
}
