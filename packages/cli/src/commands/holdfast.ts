import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { misused, parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

type Command = (around: Surroundings) => Promise<ExitCode>;

/** Each is loaded only when it is called. `agent` and `kit` are other programs, which the launcher finds. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  apply: async () => (await import('./apply.ts')).apply,
  diff: async () => (await import('./diff.ts')).diff,
  export: async () => (await import('./exportDocument.ts')).exportDocument,
  history: async () => (await import('./history.ts')).history,
  operation: async () => (await import('./operation.ts')).operation,
  pause: async () => (await import('./pause.ts')).pause,
  plan: async () => (await import('./plan.ts')).plan,
  resume: async () => (await import('./resume.ts')).resume,
  replay: async () => (await import('./replay.ts')).replay,
  why: async () => (await import('./why.ts')).why,
  status: async () => (await import('./status.ts')).status,
};

export async function holdfast(around: Surroundings): Promise<ExitCode> {
  const [name, ...args] = around.args;
  if (name !== undefined && Object.hasOwn(commands, name)) {
    const command = await commands[name]!();
    return command({ ...around, args });
  }
  const parsed = await parse(around, 'holdfast', (parser) =>
    parser
      .usage('Usage: holdfast COMMAND\n\nKeeps services in service.')
      .command('apply FILE', 'Show what a configuration changes, and apply it')
      .command('diff FILE', 'Show what a configuration would change')
      .command('export', 'Print the configuration that is in force')
      .command('status', 'Show the node, its hierarchies, and what to do about them')
      .command('plan', 'Show what would happen in a cluster that a file describes')
      .command('pause TAG', 'Pause the protection of a resource, for maintenance')
      .command('resume TAG', 'Give it back')
      .command('why TAG', 'Say why a resource stands as it does, and what would change it')
      .command('history', 'List what was done on this node, and why')
      .command('operation ID', 'Show the timeline of one operation')
      .command('replay ID', 'Decide again about what an operation came from')
      .command('agent', 'Run the agent of this node (it does not go into the background)')
      .command('kit', 'Make, show, try and prove recovery kits')
      .strictCommands()
      .example('holdfast apply hierarchy.yaml', 'Make the file the configuration')
      .example('holdfast apply --dry-run hierarchy.yaml', 'Only show the difference')
      .example('holdfast export > hierarchy.yaml', 'The configuration, to edit it')
      .example('holdfast status', 'How things are')
      .example('perform_action -t mail -a restore', 'Bring mail into service here')
      .example('lcdstatus -q', 'States in a short table'),
  );
  if (!parsed.ok) return parsed.exitCode;
  return name === undefined ? misused(around, 'holdfast', 'a command is missing').exitCode : exitCodes.usage;
}
