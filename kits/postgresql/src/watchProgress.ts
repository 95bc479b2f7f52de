import type { ProcessEntry } from '@holdfast/kit';
import { findProgress, type Progress } from './findProgress.ts';

/** Looks again and again whether a server that starts gets on. */
export type ProgressWatch = Readonly<{
  /** For how long it has not got on. */
  look: (postmaster: ProcessEntry, now: number) => Promise<number>;
  says: () => string;
}>;

export function watchProgress(begunAt: number): ProgressWatch {
  let last: Progress | undefined;
  let lastStepAt = begunAt;
  return {
    look: async (postmaster, now) => {
      const progress = await findProgress(postmaster);
      // What cannot be seen cannot be said to stand still.
      if (progress === undefined || progress.mark !== last?.mark) lastStepAt = now;
      last = progress;
      return now - lastStepAt;
    },
    says: () => (last === undefined ? '' : `it is at "${last.says}"`),
  };
}
