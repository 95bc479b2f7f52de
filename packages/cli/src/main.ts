/*
 * The launchers in bin/ call this with the name of the command first. They also name a cache of compiled code, which
 * halves the start and spares the agent memory. It lies beside the code and belongs to who owns that, never in a folder
 * where somebody else could leave compiled code for root to run; who may not write there does without.
 */

import type { CommandDescription } from './program/options/description.ts';

// Who reads our output may have seen enough, as in `lcdstatus | head`: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
});

const [name = 'holdfast', ...args] = process.argv.slice(2);
const { commandNamed } = await import('./program/commandNamed.ts');
const { surroundingsOf } = await import('./program/surroundings.ts');
const command = await commandNamed(name);
process.exitCode = await command(surroundingsOf(name, args, describeAll));

async function describeAll(): Promise<readonly CommandDescription[]> {
  const { describeAll: describe } = await import('./program/describeAll.ts');
  return describe(surroundingsOf('', [], describeAll));
}
