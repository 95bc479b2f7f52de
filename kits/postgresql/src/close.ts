import type { Memory } from '@holdfast/kit';
import { closeKept } from './askAgain.ts';

/** Ends the connection that the checks keep. */
export async function close(memory: Memory): Promise<void> {
  closeKept(memory);
}
