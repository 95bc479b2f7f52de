/* What the agent and its callers say to each other, without the rules: a command loads this part alone. */
export * from './actions.ts';
export * from './fences.ts';
export * from './flags.ts';
export * from './hello.ts';
export * from './messages.ts';
export * from './preflights.ts';
export * from './status.ts';
export * from './suspicions.ts';
export * from './types.ts';
export * from './warning.ts';
