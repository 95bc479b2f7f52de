/* Runs the conformance suite from inside the lab, where etcd is: node etcdConformance.ts OPTIONS. A line for each rule. */
import { type ClusterStore, StoreRefused } from '@holdfast/store';
import { storeConformance } from '@holdfast/store/conformance';
import { type EtcdOptions, openEtcdStore } from '@holdfast/store/etcd';

const options = JSON.parse(process.argv[2]!) as EtcdOptions;
const rules: { name: string; body: () => Promise<void> }[] = [];
let opened = 0;

storeConformance((name, body) => rules.push({ name, body }), {
  // Each rule has a part of etcd of its own.
  open: async (): Promise<ClusterStore> => {
    opened += 1;
    return openEtcdStore({ ...options, prefix: `/conformance/${opened}/` });
  },
});
for (const { name, body } of rules) {
  const why = await body().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.stack}` : String(error)),
  );
  process.stdout.write(`${JSON.stringify({ name, why })}\n`);
}

const tight = openEtcdStore({ ...options, operationsMax: 2 });
const write = ['a', 'b', 'c'].map((key) => ({ key, value: 1 }));
const refused = await tight.transact({ when: [], write }).catch((error: unknown) => error);
const why =
  refused instanceof StoreRefused && (await tight.read('')).entries.length === 0 ? undefined : refused;
process.stdout.write(
  `${JSON.stringify({ name: 'more operations than etcd takes are refused before they are sent', why })}\n`,
);
await tight.close();
