/** What the exit codes of agents are called, and what an operator does about them. */
const codes: Readonly<Record<number, readonly [says: string, todo: string]>> = {
  0: ['success', ''],
  1: ['generic error', 'look at what the agent said, and in the log of the service'],
  2: ['arguments not valid on this node', 'correct the parameters, or prepare this node for them'],
  3: ['action not implemented', 'use an agent that has this action, and look whether its package is whole'],
  4: ['insufficient rights', 'give the account that it names the rights on the file that it names'],
  5: ['something is not installed here', 'install what it names on this node'],
  6: ['configured wrongly', 'correct the parameters: they would be wrong on every node'],
  7: ['not running', 'look in the log of the service'],
  8: ['running, promoted', 'demote it: this kit runs agents without roles'],
  9: ['failed while promoted', 'look in the log of the service'],
  190: ['running, degraded', 'look at what the agent said'],
  191: ['running promoted, degraded', 'look at what the agent said'],
};

export function sayCode(code: number): string {
  return `${code} (${codes[code]?.[0] ?? 'no code of OCF'})`;
}

export function todoFor(code: number): string {
  return codes[code]?.[1] ?? 'look at what the agent said';
}
