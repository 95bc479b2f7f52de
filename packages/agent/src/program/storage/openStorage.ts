import { Worker } from 'node:worker_threads';
import { type ClusterStore, OutcomeUnknown, StoreInUse } from '@holdfast/store';
import type { Journal, Log } from '../../index.ts';
import type { JournalWrite, SaidError, StorageMessage, StorageOptions, StorageQuestion } from './protocol.ts';

export type Storage = Readonly<{
  store: ClusterStore;
  journal: Journal;
  /** Rejects when the thread is gone: nothing can be kept any more, and the agent must end. */
  failed: Promise<never>;
  close: () => Promise<void>;
}>;

/** Writes to the journal that may wait for a disk. Those beyond are dropped: a dead disk must not fill the memory. */
const waitingMax = 10_000;

const closeWithinMs = 5_000;

type Waiting = Readonly<{ resolve: (value: unknown) => void; reject: (error: Error) => void }>;

/**
 * The store of a single node and its journal, in a thread of their own: a disk that takes its time for a sync keeps the
 * agent from nothing but what must be on the disk first. Throws `StoreInUse` when another agent has the store.
 */
export async function openStorage(options: StorageOptions, log: Log): Promise<Storage> {
  const { NODE_COMPILE_CACHE: cache } = process.env;
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: options,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Code that is compiled already needs no compiler in memory.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    // It keeps next to nothing of what passes through it.
    resourceLimits: { maxYoungGenerationSizeMb: 3 },
  });
  const waiting = new Map<number, Waiting>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const opened = Promise.withResolvers<void>();
  let count = 0;
  let journalWaiting = 0;
  let dropped = 0;
  let isClosing = false;

  worker.on('message', (message: StorageMessage) => {
    switch (message.kind) {
      case 'open':
        return opened.resolve();
      case 'refused':
        return opened.reject(errorOf(message.error));
      case 'log':
        return log.error(message.fields, message.says);
      case 'answer':
        return settle(message.number)?.resolve(message.value);
      case 'failure':
        return settle(message.number)?.reject(errorOf(message.error));
    }
  });
  worker.on('error', (error) => end(error));
  worker.on('exit', () => end(new Error('the storage thread ended')));
  await opened.promise;

  return {
    failed: failed.promise,
    store: {
      read: (prefix) => ask({ kind: 'read', prefix }) as ReturnType<ClusterStore['read']>,
      transact: ({ withinMs, ...transaction }) =>
        within(withinMs, ask({ kind: 'transact', transaction }) as ReturnType<ClusterStore['transact']>),
      watch: () => {
        throw new Error('the store of a single node has nobody else whose changes could be watched');
      },
      close: async () => undefined,
    },
    journal: {
      begin: (entry) => write({ kind: 'begin', entry }),
      record: (event) => write({ kind: 'record', event }),
      end: (id, result, at) => write({ kind: 'end', id, result, at }),
      find: (id) => ask({ kind: 'find', id }) as ReturnType<Journal['find']>,
      decisionOf: (id) => ask({ kind: 'decisionOf', id }) as ReturnType<Journal['decisionOf']>,
      list: (max) => ask({ kind: 'list', max }) as ReturnType<Journal['list']>,
      events: (since, max) => ask({ kind: 'events', since, max }) as ReturnType<Journal['events']>,
    },
    close: async () => {
      isClosing = true;
      // A disk that hangs must not keep a stopped agent from ending.
      const closed = ask({ kind: 'close' }).catch(() => undefined);
      await within(closeWithinMs, closed).catch(() => undefined);
      void worker.terminate();
    },
  };

  function ask(question: StorageQuestion): Promise<unknown> {
    count += 1;
    const number = count;
    return new Promise((resolve, reject) => {
      waiting.set(number, { resolve, reject });
      worker.postMessage({ number, question });
    });
  }

  function write(question: JournalWrite): void {
    if (journalWaiting >= waitingMax) {
      if (dropped === 0)
        log.error(
          { event: 'journal-behind', waiting: journalWaiting },
          'the journal waits for its disk: what happens now is not kept in it',
        );
      dropped += 1;
      return;
    }
    journalWaiting += 1;
    // What the journal could not write it has logged itself.
    void ask(question)
      .catch(() => undefined)
      .then(() => {
        journalWaiting -= 1;
        if (dropped === 0 || journalWaiting > 0) return;
        log.error({ event: 'journal-lost', dropped }, `the journal goes on; ${dropped} entries were lost`);
        dropped = 0;
      });
  }

  function settle(number: number): Waiting | undefined {
    const one = waiting.get(number);
    waiting.delete(number);
    return one;
  }

  function end(error: Error): void {
    opened.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    if (!isClosing) failed.reject(error);
  }
}

function errorOf({ name, message }: SaidError): Error {
  return name === 'StoreInUse' ? new StoreInUse(message) : new Error(message);
}

/** A disk that hangs may still write it, much later. */
async function within<Value>(withinMs: number | undefined, answer: Promise<Value>): Promise<Value> {
  if (withinMs === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const says = `the store did not answer within ${withinMs} ms`;
    timer = setTimeout(() => reject(new OutcomeUnknown(says)), withinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
