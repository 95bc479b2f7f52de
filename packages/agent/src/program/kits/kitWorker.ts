import { parentPort, workerData } from 'node:worker_threads';
import { keepAccount, lendLibraries, loadFoundKit } from '@holdfast/kit';
import { boundedLog } from './boundedLog.ts';
import { factsOf } from './factsOf.ts';
import { type CallData, KitCalls, refused, say } from './kitCalls.ts';
import type { Described } from './kitHost.ts';
import type { Birth, FromKit, ToKit } from './messages.ts';

/*
 * The program of a thread that serves one kit which is not part of Holdfast. Whatever the kit does here, such as
 * hang, throw, or end its process, it does to this thread alone.
 */

const { found, node, account } = workerData as Birth;
const port = parentPort!;
const post = (message: FromKit): void => port.postMessage(message);

/** An answer is a line or a few. */
const answerMax = 256 * 1024;

keepAccount(account);
lendLibraries();
const loaded = await loadFoundKit(found);
if (loaded.ok) {
  const log = boundedLog((line) => post({ kind: 'log', line }));
  serve(new KitCalls({ kit: loaded.kit, node, log }));
  post({ kind: 'loaded', facts: factsOf(loaded.kit) });
} else {
  post({ kind: 'refused', refusals: loaded.refusals });
}

function serve(calls: KitCalls): void {
  const open = new Map<number, AbortController>();
  port.on('message', (message: ToKit) => {
    switch (message.kind) {
      case 'describe':
        describe(calls, message.id, message.inputs);
        return;
      case 'call':
        void call(message.id, message.data);
        return;
      case 'abort':
        return open.get(message.id)?.abort('told to stop');
      case 'close':
        void calls.close().finally(() => port.close());
        return;
    }
  });

  async function call(id: number, data: CallData): Promise<void> {
    const controller = new AbortController();
    open.set(id, controller);
    try {
      const answer = await calls.call(data, controller.signal);
      const size = JSON.stringify(answer)?.length ?? 0;
      if (size > answerMax)
        throw new Error(`the answer of ${data.action} has ${size} characters, more than ${answerMax}`);
      post({ kind: 'answer', id, answer });
    } catch (error) {
      post({ kind: 'threw', id, says: say(error).slice(0, 4_000) });
    } finally {
      open.delete(id);
    }
  }
}

/** What cannot cross to another thread, such as a function that a schema made, is no setting. */
function describe(calls: KitCalls, id: number, inputs: readonly unknown[]): void {
  const described = inputs.map((input): Described => {
    const one = calls.describe(input);
    if (isPlain(one)) return one;
    if (one.ok) return refused(`the schema makes something of them that is not plain data`);
    return {
      ok: false,
      issues: one.issues.map(({ message, path }) => ({ code: 'custom', message, path, input: undefined })),
    };
  });
  post({ kind: 'described', id, described });
}

function isPlain(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
