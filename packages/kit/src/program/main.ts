import { lendLibraries } from '../lendLibraries.ts';
import { newCommand } from './newCommand.ts';
import { runCommand } from './runCommand.ts';
import { showCommand } from './showCommand.ts';
import { testCommand } from './testCommand.ts';
import { UsageError } from './usageError.ts';

/*
 * The program behind `holdfast kit`: tries a kit on this very machine, without an agent or a cluster.
 * Exit codes: 0 done or in service, or every rule kept; 1 not; 2 the command could not be understood.
 */
const usage = `holdfast kit new NAME|FOLDER [--script] [--json]
holdfast kit show TYPE|FOLDER [--json]
holdfast kit run TYPE|FOLDER ACTION --settings FILE|- [--tag TAG] [--budget MS] [--json] [-- ARGS]
holdfast kit test TYPE|FOLDER [--settings FILE|-] [--world FILE|-] [--json]

ACTION is restore, remove, quickCheck, deepCheck, recover, preflight or abort. FILE is YAML or JSON; - is standard input.
Without --world, test reads test/world.yaml in the folder of the kit. It breaks what it tries: use a node for tests.`;

const commands: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  new: newCommand,
  show: showCommand,
  run: runCommand,
  test: testCommand,
};

try {
  lendLibraries();
  const [name = '', ...words] = process.argv.slice(2);
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(usage);
  } else {
    const command = commands[name];
    if (command === undefined) throw new UsageError(name === '' ? 'no command' : `no command ${name}`);
    process.exitCode = await command(words);
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
