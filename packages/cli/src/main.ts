/*
 * The launchers in bin/ call this with the name of the command first. They also name a cache of compiled code, which
 * halves the start and spares the agent memory. It lies beside the code and belongs to who owns that, never in a folder
 * where somebody else could leave compiled code for root to run; who may not write there does without.
 */

import type { Surroundings } from './program/surroundings.ts';

/** Each is loaded only when it is called: a status command is slowed down by nothing that another needs. */
const commands = {
  holdfast: async () => (await import('./commands/holdfast.ts')).holdfast,
  perform_action: async () => (await import('./dialects/lifekeeper/performAction.ts')).performAction,
  lcdstatus: async () => (await import('./dialects/lifekeeper/lcdstatus.ts')).lcdstatus,
};

// Who reads our output may have seen enough, as in `lcdstatus | head`: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
});

const [name = 'holdfast', ...args] = process.argv.slice(2);
const { surroundingsOf } = await import('./program/surroundings.ts');
const command = await commandNamed(name);
process.exitCode = await command(surroundingsOf(name, args));

async function commandNamed(name: string): Promise<(around: Surroundings) => Promise<number>> {
  if (Object.hasOwn(commands, name)) return commands[name as keyof typeof commands]();
  const { lifekeeperCommands } = await import('./dialects/lifekeeper/commands.ts');
  if (Object.hasOwn(lifekeeperCommands, name)) return (await lifekeeperCommands[name]!()).run;
  throw new Error(`no command ${name}: the launcher names one of its own`);
}
