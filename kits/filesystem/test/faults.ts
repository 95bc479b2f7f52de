import type { FaultSuite } from '@holdfast/lab';
import { type Bench, openBench } from './faults/bench.ts';
import { bootFaults } from './faults/bootFaults.ts';
import { deviceFaults } from './faults/deviceFaults.ts';
import { holderFaults } from './faults/holderFaults.ts';
import { placeFaults } from './faults/placeFaults.ts';
import { serviceFaults } from './faults/serviceFaults.ts';

export const faults: FaultSuite<Bench> = {
  kit: 'filesystem',
  open: openBench,
  reset: ({ reset }) => reset(),
  close: ({ close }) => close(),
  bystander: ({ bystander }) => bystander(),
  faults: [...deviceFaults, ...placeFaults, ...bootFaults, ...holderFaults, ...serviceFaults],
};
