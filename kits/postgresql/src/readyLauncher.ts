import { type Memory, type Started, start } from '@holdfast/kit';
import { intoLog, type Launch, launchBudgetMs } from './launchDetached.ts';

/*
 * While a server is in service, a shell waits to start the next one. It has done all that takes time when somebody
 * waits: it was forked from a large process, has become the account, and knows its words. A line on its standard input
 * sends it off. It holds no file of the data's, and ends with this process.
 */

/** How such a shell begins its script: whoever looks for servers that are being started leaves it out by that. */
export const waitingScript = `read -r word && ${intoLog}`;

type Waiting = Readonly<{ started: Started; words: string }>;

/** Sees to it that a shell waits to start this server, and no other. */
export function keepLauncher(memory: Memory, launch: Launch): void {
  const words = JSON.stringify(launch);
  if ((memory.get('launcher') as Waiting | undefined)?.words === words) return;
  dismissLauncher(memory);
  const { argv, account, log } = launch;
  const started = start(['sh', '-c', waitingScript, log, ...argv], {
    account,
    cwd: '/',
    keepInputOpen: true,
  });
  const waiting: Waiting = { started, words };
  memory.set('launcher', waiting);
  void started.ended.then(() => {
    if (memory.get('launcher') === waiting) memory.delete('launcher');
  });
}

/** Sends off the shell that waits for this very launch. False when there is none, or it could not: nothing runs then. */
export async function launchAtOnce(memory: Memory, launch: Launch): Promise<boolean> {
  const waiting = memory.get('launcher') as Waiting | undefined;
  if (waiting?.words !== JSON.stringify(launch)) return false;
  memory.delete('launcher');
  const { started } = waiting;
  const timer = setTimeout(() => started.kill('SIGKILL'), launchBudgetMs);
  try {
    if (!(await started.write('go\n'))) return false;
    return (await started.ended).exitCode === 0;
  } finally {
    clearTimeout(timer);
  }
}

export function dismissLauncher(memory: Memory): void {
  (memory.get('launcher') as Waiting | undefined)?.started.kill('SIGKILL');
  memory.delete('launcher');
}
