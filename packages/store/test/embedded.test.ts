import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '@holdfast/kit';
import { storeConformance } from '@holdfast/store/conformance';
import { openEmbeddedStore } from '@holdfast/store/embedded';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Compacted } from '../src/index.ts';

let folder: string;
let count = 0;
const newFile = (): string => {
  count += 1;
  return join(folder, `store-${count}.db`);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the embedded store', () => {
  const files = new Map<object, string>();
  storeConformance(test, {
    open: async () => {
      const file = newFile();
      const store = openEmbeddedStore({ file });
      files.set(store, file);
      return store;
    },
    reopen: async (store) => {
      await store.close();
      return openEmbeddedStore({ file: files.get(store)! });
    },
  });

  test('can be read and written by its owner alone', async () => {
    const file = newFile();
    const store = openEmbeddedStore({ file });
    await store.transact({ when: [], write: [{ key: 'x', value: 1 }] });
    for (const name of [file, `${file}-wal`]) expect((await stat(name)).mode & 0o777).toBe(0o600);
    await store.close();
  });

  test('refuses a second opening while the first is open, and allows it after', async () => {
    const file = newFile();
    const first = openEmbeddedStore({ file });
    expect(() => openEmbeddedStore({ file })).toThrow('one agent serves a node');
    await first.close();
    await openEmbeddedStore({ file }).close();
  });

  test('says that history is gone when a watch begins too far back', async () => {
    const store = openEmbeddedStore({ file: newFile(), historyMax: 5 });
    for (let n = 0; n < 10; n += 1) await store.transact({ when: [], write: [{ key: 'x', value: n }] });
    const watched = store.watch('', 1, new AbortController().signal)[Symbol.asyncIterator]();
    await expect(watched.next()).rejects.toThrow(Compacted);
    await store.close();
  });

  test('loses nothing that was committed when its process is killed, and lets the next one in', async () => {
    const file = newFile();
    // The writer prints each number after it was committed; it is killed in the middle of writing.
    let last = -1;
    const { promise: wroteMany, resolve } = Promise.withResolvers<void>();
    const program = join(import.meta.dirname, 'programs/writeForever.ts');
    const writer = start([process.execPath, '--disable-warning=ExperimentalWarning', program, file], {
      onOutput: (text) => {
        const whole = text.slice(0, text.lastIndexOf('\n'));
        last = Math.max(last, Number(whole.split('\n').at(-1)));
        if (last > 50) resolve();
      },
    });
    await wroteMany;
    writer.kill('SIGKILL');
    await writer.ended;
    const store = openEmbeddedStore({ file });
    const kept = (await store.read('n')).entries[0]?.value as number;
    expect(kept).toBeGreaterThanOrEqual(last);
    await store.close();
  });
});
