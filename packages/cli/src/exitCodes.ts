import type { Trouble } from '@holdfast/client';

/** What a script learns from each command; stable, and the same for all of them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  unknownTag: 3,
  agentDown: 4,
  notAllowed: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For the end of every help. */
export const exitCodesHelp = `Exit codes:
  0    done, or nothing to do
  1    a step failed, or the agent refused
  2    the command was not understood
  3    there is no resource with this tag
  4    the agent is not running, or was lost
  5    not allowed to speak to the agent
  130  interrupted with ^C; what was begun goes on`;

export function exitCodeOf(trouble: Trouble): ExitCode {
  switch (trouble.kind) {
    case 'AgentDown':
    case 'Silent':
    case 'Lost':
      return exitCodes.agentDown;
    case 'NotAllowed':
      return exitCodes.notAllowed;
    case 'Broken':
      return exitCodes.failed;
    case 'Refused':
      return trouble.problems.every(({ code }) => code === 'UNKNOWN_RESOURCE')
        ? exitCodes.unknownTag
        : exitCodes.failed;
  }
}
