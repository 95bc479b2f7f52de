import type { Worker } from 'node:worker_threads';

const everyMs = 100;
const besideHeapMaxMb = 256;

/**
 * The limit of a thread's memory covers its heap, and not the buffers that lie beside it. So while the thread has
 * something to do it is looked at; one that takes too much is told of. Answers how to end the watch.
 */
export function watchMemory(
  worker: Worker,
  isAtWork: () => boolean,
  tell: (says: string) => void,
): () => void {
  let isAsking = false;
  const timer = setInterval(() => {
    if (isAsking || !isAtWork()) return;
    isAsking = true;
    worker
      .getHeapStatistics()
      .then(({ external_memory: bytes }) => {
        if (bytes > besideHeapMaxMb * 1024 * 1024)
          tell(`it took more than ${besideHeapMaxMb} MB of memory in buffers`);
      })
      // It has ended meanwhile.
      .catch(() => undefined)
      .finally(() => {
        isAsking = false;
      });
  }, everyMs).unref();
  return () => clearInterval(timer);
}
