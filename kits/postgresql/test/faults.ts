import type { FaultSuite } from '@holdfast/lab';
import { type Bench, openBench, resetBench, serverStart } from './bench.ts';
import { clientFaults } from './faults/clientFaults.ts';
import { dataFaults } from './faults/dataFaults.ts';
import { diskFaults } from './faults/diskFaults.ts';
import { lockFaults } from './faults/lockFaults.ts';
import { networkFaults } from './faults/networkFaults.ts';
import { processFaults } from './faults/processFaults.ts';
import { slowFaults } from './faults/slowFaults.ts';

export const faults: FaultSuite<Bench> = {
  kit: 'postgresql',
  open: openBench,
  reset: resetBench,
  close: ({ lab }) => lab.close(),
  bystander: ({ run }) =>
    run('psql', '-XAtw', '-h', '/run/postgresql', '-U', 'postgres', '-p', '5433', '-c', serverStart),
  faults: [
    ...processFaults,
    ...slowFaults,
    ...lockFaults,
    ...clientFaults,
    ...diskFaults,
    ...dataFaults,
    ...networkFaults,
  ],
};
