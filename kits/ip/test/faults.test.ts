import { testFaults } from './testFaults.ts';

testFaults(({ takesLong }) => takesLong !== true);
