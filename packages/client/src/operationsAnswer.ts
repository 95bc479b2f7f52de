import { operationAnswer } from '@holdfast/core';
import { z } from 'zod';

/** GET /v1/operations: newest first. */
export const operationsAnswer = z.object({ operations: z.array(operationAnswer) });
