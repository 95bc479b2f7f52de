/** Why the agent gave no answer that can be used, each with the sentence that explains it to an operator. */
export const troubleCodes = {
  AGENT_DOWN: 'Nobody listens where the agent of this node should: it is not running.',
  NOT_ALLOWED: 'The permissions of the socket do not let this user speak to the agent.',
  AGENT_SILENT: 'The agent took the request and did not answer in time.',
  AGENT_LOST: 'The connection to the agent ended before its answer was complete.',
  ANSWER_BROKEN: 'The answer cannot be understood: another version, or not the agent at all.',
  NO_STATUS_FILE: 'There is no file in which the agent left its status.',
  STATUS_FILE_BROKEN: 'The file in which the agent left its status cannot be understood.',
} as const;

export type TroubleCode = keyof typeof troubleCodes;
