import { testFaults } from './testFaults.ts';

testFaults('long');
