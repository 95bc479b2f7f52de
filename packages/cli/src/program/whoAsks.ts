import { userInfo } from 'node:os';

/** Who gives a command, for the agent's records: the person behind sudo, and by which command. */
export function whoAsks(env: NodeJS.ProcessEnv, command: string): string {
  return `${env.SUDO_USER || accountName()} (${command})`.slice(0, 200);
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in passwd, as in a container.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
