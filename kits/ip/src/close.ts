import type { Memory } from '@holdfast/kit';
import { keptOf } from './kept.ts';

/** The agent stops, or the resource is out: nothing is announced or asked any more. */
export async function close(memory: Memory): Promise<void> {
  const { background } = keptOf(memory);
  memory.clear();
  await background?.stop();
}
