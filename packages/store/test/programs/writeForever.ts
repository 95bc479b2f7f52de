import { openEmbeddedStore } from '../../embedded/index.ts';

const store = openEmbeddedStore({ file: process.argv[2]! });
for (let n = 0; ; n += 1) {
  await store.transact({ when: [], write: [{ key: 'n', value: n }] });
  process.stdout.write(`${n}\n`);
}
