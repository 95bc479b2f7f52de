import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { misused, parse } from './parse.ts';
import type { Surroundings } from './surroundings.ts';
import { withArgs } from './withArgs.ts';

export type Command = (around: Surroundings) => Promise<ExitCode>;

export type GroupEntry = Readonly<{
  /** The words behind its name, for the list of commands: `TAG [NODE]`. */
  words?: string;
  describe: string;
  /** Loaded only when it is called. Absent for what another program serves. */
  load?: () => Promise<Command>;
}>;

/** A command that only leads to others: `holdfast`, `holdfast resource`. */
export type Group = Readonly<{
  name: string;
  about: string;
  commands: Readonly<Record<string, GroupEntry>>;
  examples: readonly (readonly [string, string])[];
}>;

export async function runGroup(around: Surroundings, group: Group): Promise<ExitCode> {
  const { name, about, commands, examples } = group;
  const [first, ...args] = around.args;
  const entry = first !== undefined && Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (entry?.load !== undefined) return (await entry.load())(withArgs(around, args));
  if (first !== undefined && !first.startsWith('-') && around.tellDescription === undefined) {
    const { nearest } = await import('@holdfast/core');
    const guess = nearest(first, Object.keys(commands));
    const hint = guess === undefined ? '' : `; did you mean ${guess}?`;
    return misused(around, name, `there is no command ${first}${hint}`).exitCode;
  }
  const parsed = await parse(around, name, (parser) => {
    parser.usage(`Usage: ${name} COMMAND\n\n${about}`);
    for (const [command, { words = '', describe }] of Object.entries(commands))
      parser.command(`${command} ${words}`.trim(), describe);
    for (const [line, describe] of examples) parser.example(line, describe);
    return parser;
  });
  if (around.tellDescription !== undefined) {
    for (const { load } of Object.values(commands)) await (await load?.())?.(withArgs(around, []));
  }
  if (!parsed.ok) return parsed.exitCode;
  return first === undefined ? misused(around, name, 'a command is missing').exitCode : exitCodes.usage;
}
