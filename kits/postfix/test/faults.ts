import type { FaultSuite } from '@holdfast/lab';
import { type Bench, greeting, openBench, other, resetBench } from './bench.ts';
import { configurationFaults } from './faults/configurationFaults.ts';
import { networkFaults } from './faults/networkFaults.ts';
import { processFaults } from './faults/processFaults.ts';
import { queueFaults } from './faults/queueFaults.ts';

export const faults: FaultSuite<Bench> = {
  kit: 'postfix',
  open: openBench,
  reset: resetBench,
  close: ({ lab }) => lab.close(),
  bystander: ({ sh }) => sh(`bash ${greeting} ${other.address} ${other.pidFile}`),
  faults: [...processFaults, ...networkFaults, ...queueFaults, ...configurationFaults],
};
