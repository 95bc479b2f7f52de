import type { FaultSuite } from '@holdfast/lab';
import { type Bench, openBench, resetBench } from './bench.ts';
import { elsewhere } from './faults/elsewhere.ts';
import { interrupted } from './faults/interrupted.ts';
import { network } from './faults/network.ts';
import { vanished } from './faults/vanished.ts';

export const faults: FaultSuite<Bench> = {
  kit: 'ip',
  open: openBench,
  reset: resetBench,
  close: ({ lab }) => lab.close(),
  faults: [...vanished, ...interrupted, ...elsewhere, ...network],
};
