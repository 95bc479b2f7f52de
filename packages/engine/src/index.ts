export { checkResource } from './checkResource.ts';
export { Monitor } from './monitor.ts';
export { Operation, type OperationResult, type StepEnd } from './operation.ts';
export { performStep, type StepCall, type StepOutcome } from './performStep.ts';
export type { ActRequest, Chance, CheckRequest, Clock, KitRunner } from './ports.ts';
export { graceMs, withinBudget } from './withinBudget.ts';
