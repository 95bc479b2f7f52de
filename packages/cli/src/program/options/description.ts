/** One option of a command, as its author describes it. */
export type OptionGiven = Readonly<{
  type?: 'boolean' | 'string' | 'number';
  /** One letter beside the long name. */
  alias?: string;
  describe?: string;
  /** What stands for its value in help: `TAG`, `SPAN`. */
  value?: string;
  choices?: readonly string[];
  default?: string | number | boolean;
  demandOption?: boolean;
  requiresArg?: boolean;
  /** May be given more than once; the values come as a list. */
  array?: boolean;
}>;

export type PositionalGiven = Pick<OptionGiven, 'type' | 'describe' | 'choices' | 'demandOption' | 'array'>;

export type OptionDescription = OptionGiven & Readonly<{ name: string }>;

/** A word of the command line that is no option. */
export type PositionalDescription = Readonly<{
  name: string;
  isRequired: boolean;
  isMany: boolean;
  describe: string;
  choices: readonly string[];
}>;

/**
 * A command as help, manual pages and completion tell of it, and as its words are read. There is one source for all
 * of them: what the command itself says.
 */
export type CommandDescription = Readonly<{
  name: string;
  /** `Usage: ...`, a blank line, and what it does. */
  usage: string;
  options: readonly OptionDescription[];
  positionals: readonly PositionalDescription[];
  /** Commands below this one: how each is written, and what it does. */
  commands: readonly Readonly<{ form: string; describe: string }>[];
  /** Options of which only one may be given. */
  conflicts: readonly (readonly [string, string])[];
  examples: readonly Readonly<{ line: string; describe: string }>[];
  epilogue: string;
  /** Its own, where they are not those of all commands. */
  exitCodes?: string;
}>;
