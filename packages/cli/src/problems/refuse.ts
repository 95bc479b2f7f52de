import type { Trouble } from '@holdfast/client';
import type { ExitCode } from '../exitCodes.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { reportTrouble } from './reportTrouble.ts';

/** Says why a command does not even ask the agent: what it was told cannot be meant. */
export function refuse(
  around: Surroundings,
  given: {
    code: string;
    path?: string;
    what: string;
    why: string;
    todo: string;
    isJson: boolean;
    ending?: string;
  },
): ExitCode {
  const { isJson, ending, path = '', ...problem } = given;
  const trouble: Trouble = { kind: 'Refused', problems: [{ path, ...problem }] };
  return reportTrouble(around, { trouble, isJson, ...(ending === undefined ? {} : { ending }) });
}
