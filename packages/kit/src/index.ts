export { accountOf } from './account.ts';
export { askOnce } from './askOnce.ts';
export * from './contract.ts';
export { faultInAnswer } from './faultInAnswer.ts';
export { type KitRefusal, type LoadedKit, loadKit } from './loadKit.ts';
export * from './processes.ts';
export { type Run, type RunOptions, type RunResult, run } from './run.ts';
export { type Account, type Ended, killGroup, type Started, type StartOptions, start } from './start.ts';
export { waitUntil } from './waitUntil.ts';
