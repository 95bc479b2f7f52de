import type { Surroundings } from './surroundings.ts';

type Command = (around: Surroundings) => Promise<number>;

/** Each is loaded only when it is called: a status command is slowed down by nothing that another needs. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  holdfast: async () => (await import('../commands/holdfast.ts')).holdfast,
  perform_action: async () => (await import('../dialects/lifekeeper/performAction.ts')).performAction,
  lcdstatus: async () => (await import('../dialects/lifekeeper/lcdstatus.ts')).lcdstatus,
};

/** The command of a launcher, or the one that a launcher of many is called by. */
export async function commandNamed(name: string): Promise<Command> {
  if (Object.hasOwn(commands, name)) return commands[name]!();
  const { lifekeeperCommands } = await import('../dialects/lifekeeper/commands.ts');
  if (Object.hasOwn(lifekeeperCommands, name)) return (await lifekeeperCommands[name]!()).run;
  throw new Error(`no command ${name}: the launcher names one of its own`);
}
