import { runFaults } from './faults/runFaults.ts';

runFaults('short');
