import type { Fault, Seen } from '@holdfast/lab';
import { type Bench, v4, v6 } from '../bench.ts';
import type { Settings } from './serve.ts';

type Written = Readonly<{
  name: string;
  expected: string;
  run: (bench: Bench, settings: Settings) => Promise<Seen>;
}>;

/** The same fault of an IPv4 address and of an IPv6 address, with the same response. */
export function inBothFamilies({ name, expected, run }: Written): readonly Fault<Bench>[] {
  return [
    { name, expected, run: (bench) => run(bench, v4) },
    { name: `${name} (IPv6)`, expected, run: (bench) => run(bench, v6) },
  ];
}
