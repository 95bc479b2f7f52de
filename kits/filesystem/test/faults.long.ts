import { runFaults } from './faults/runFaults.ts';

runFaults('long');
