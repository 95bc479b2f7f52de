import type { Entry } from '../src/index.ts';
import { everyKeyWith, type KeyRange, type KeyValue } from './wire/messages.ts';

/** Our keys as they stand in an etcd that others may use as well: below a prefix. */
export type Keys = Readonly<{
  full: (key: string) => string;
  below: (prefix: string) => KeyRange;
  entry: (found: KeyValue) => Entry;
}>;

export function keysBelow(root: string): Keys {
  return {
    full: (key) => `${root}${key}`,
    below: (prefix) => everyKeyWith(`${root}${prefix}`),
    entry: ({ key, value, modRevision }) => ({
      key: key.slice(root.length),
      value: JSON.parse(Buffer.from(value).toString('utf8')),
      revision: modRevision,
    }),
  };
}
