import type { Memory } from '@holdfast/kit';
import { closeKept } from './askAgain.ts';
import { dismissLauncher } from './readyLauncher.ts';

/** Ends what the checks keep: the connection, and the shell that would start the next server. */
export async function close(memory: Memory): Promise<void> {
  closeKept(memory);
  dismissLauncher(memory);
}
