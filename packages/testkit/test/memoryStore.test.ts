import { storeConformance } from '@holdfast/store/conformance';
import { describe, test } from '@jest/globals';
import { MemoryDisk, openMemoryStore } from '../src/index.ts';

describe('the store in memory', () => {
  const disks = new Map<object, MemoryDisk>();
  storeConformance(test, {
    open: async () => {
      const disk = new MemoryDisk();
      const store = openMemoryStore(disk);
      disks.set(store, disk);
      return store;
    },
    reopen: async (store) => {
      await store.close();
      return openMemoryStore(disks.get(store)!);
    },
  });
});
