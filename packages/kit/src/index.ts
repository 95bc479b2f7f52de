export { accountOf } from './account.ts';
export * from './contract.ts';
export { type Run, type RunOptions, type RunResult, run } from './run.ts';
export { type Account, type Ended, killGroup, type Started, type StartOptions, start } from './start.ts';
