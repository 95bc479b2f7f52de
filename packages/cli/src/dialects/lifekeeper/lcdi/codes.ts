import type { Trouble } from '@holdfast/client';
import type { ProblemCode } from '@holdfast/core';

/** What LifeKeeper's database commands end with: one table for all of them, and not that of `holdfast`. */
export const lcdiCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  internal: 3,
  exists: 4,
  badArgument: 5,
  outOfRange: 6,
  missing: 7,
  hasDependent: 8,
  unreachable: 9,
} as const;
export type LcdiCode = (typeof lcdiCodes)[keyof typeof lcdiCodes];

export const lcdiCodesHelp = [
  'Exit codes:',
  '  0  done, or nothing to do',
  '  1  the agent is not running, may not be asked, or refused',
  '  2  the command was not understood',
  '  3  an answer of the agent was not understood',
  '  4  the object exists already',
  '  5  an argument is not allowed',
  '  6  a number is out of its range',
  '  7  there is no such object',
  '  8  something still depends on it',
  '  9  the other system cannot be asked',
];

/** Refusals for which LifeKeeper's table has a number of its own; any other is 1. */
const codeOfProblem: Partial<Record<ProblemCode | 'NODE_UNREACHABLE' | 'NODE_LOST', LcdiCode>> = {
  NODE_UNREACHABLE: lcdiCodes.unreachable,
  NODE_LOST: lcdiCodes.unreachable,
  UNKNOWN_RESOURCE: lcdiCodes.missing,
  UNKNOWN_NEED: lcdiCodes.missing,
  UNKNOWN_NODE: lcdiCodes.missing,
  UNKNOWN_TYPE: lcdiCodes.missing,
  UNKNOWN_FLAG: lcdiCodes.missing,
  SAME_IDENTITY: lcdiCodes.exists,
  FLAG_EXISTS: lcdiCodes.exists,
  PARENT_IN_SERVICE: lcdiCodes.hasDependent,
  BAD_TAG: lcdiCodes.badArgument,
  BAD_SETTING: lcdiCodes.badArgument,
  CYCLE: lcdiCodes.badArgument,
  DOCUMENT_SHAPE: lcdiCodes.badArgument,
  EQUAL_PRIORITIES: lcdiCodes.badArgument,
  HIERARCHY_NAMED_TWICE: lcdiCodes.badArgument,
  POLICY_NEVER_ACTS: lcdiCodes.badArgument,
  NOT_BUILT: lcdiCodes.badArgument,
};

export function lcdiCodeOf({ kind, problems }: Trouble): LcdiCode {
  switch (kind) {
    case 'AgentDown':
    case 'NotAllowed':
    case 'Silent':
    case 'Lost':
      return lcdiCodes.failed;
    case 'Broken':
      return lcdiCodes.internal;
    case 'Refused':
      return codeOfProblem[problems[0]?.code as ProblemCode] ?? lcdiCodes.failed;
  }
}
