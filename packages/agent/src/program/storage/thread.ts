import { parentPort, workerData } from 'node:worker_threads';
import { openEmbeddedStore } from '@holdfast/store/embedded';
import type { Log } from '../../index.ts';
import { openJournal } from '../sqliteJournal.ts';
import type {
  SaidError,
  StorageMessage,
  StorageOptions,
  StorageQuestion,
  StorageRequest,
} from './protocol.ts';

/** The program of the storage thread: it has the store's and the journal's files, and waits for disks. */
const port = parentPort!;
const { storeFile, journalFile, session, keep } = workerData as StorageOptions;
const tell = (message: StorageMessage): void => port.postMessage(message);

const silent = (): void => undefined;
const log: Log = {
  debug: silent,
  info: silent,
  warn: silent,
  error: (fields, says) => tell({ kind: 'log', fields, says }),
};

function serve(): void {
  const store = openEmbeddedStore({ file: storeFile });
  const journal = openJournal({ file: journalFile, session, log, keep });
  // The store answers in promises that are settled already, so the order of the requests is the order of the work.
  let before = Promise.resolve();
  port.on('message', ({ number, question }: StorageRequest) => {
    before = before.then(async () => {
      try {
        tell({ kind: 'answer', number, value: await answer(question) });
      } catch (error) {
        tell({ kind: 'failure', number, error: say(error) });
      }
      if (question.kind === 'close') port.close();
    });
  });
  tell({ kind: 'open' });

  async function answer(question: StorageQuestion): Promise<unknown> {
    switch (question.kind) {
      case 'begin':
        return journal.begin(question.entry);
      case 'record':
        return journal.record(question.event);
      case 'end':
        return journal.end(question.id, question.result, question.at);
      case 'read':
        return store.read(question.prefix);
      case 'transact':
        return store.transact(question.transaction);
      case 'find':
        return journal.find(question.id);
      case 'decisionOf':
        return journal.decisionOf(question.id);
      case 'list':
        return journal.list(question.max);
      case 'events':
        return journal.events(question.since, question.max);
      case 'close':
        journal.close();
        return store.close();
    }
  }
}

function say(error: unknown): SaidError {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

try {
  serve();
} catch (error) {
  tell({ kind: 'refused', error: say(error) });
  port.close();
}
