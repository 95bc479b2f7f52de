import { testFaults } from './testFaults.ts';

testFaults('short');
