import type { Memory } from '@holdfast/kit';

/** From a restore, or a check that saw it in service, until it is removed: what is missing now is a failure. */
export function expectRunning(memory: Memory): void {
  memory.set('isExpectedToRun', true);
}

export function isExpectedToRun(memory: Memory): boolean {
  return memory.get('isExpectedToRun') === true;
}

export function expectNothing(memory: Memory): void {
  memory.delete('isExpectedToRun');
}
