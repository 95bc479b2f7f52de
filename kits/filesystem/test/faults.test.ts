import { testFaults } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { faults } from './faults.ts';

testFaults(faults, 'short', { beforeAll, afterAll, test, expect });
