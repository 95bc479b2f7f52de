import type {
  CommandDescription,
  OptionDescription,
  OptionGiven,
  PositionalDescription,
  PositionalGiven,
} from './description.ts';

/** The type of what an option gives: undefined where it may be left out. */
type ValueOf<Given extends OptionGiven> = Given['array'] extends true
  ? string[] | undefined
  : Given['default'] extends string | number | boolean
    ? Plain<Given>
    : Given['demandOption'] extends true
      ? Plain<Given>
      : Plain<Given> | undefined;
type Plain<Given extends OptionGiven> = Given['choices'] extends readonly (infer Choice)[]
  ? Choice
  : Given['type'] extends 'boolean'
    ? boolean
    : Given['type'] extends 'number'
      ? number
      : string;

/** What a command says of itself, word by word. It reads nothing: that is done from the description that comes of it. */
// biome-ignore lint/complexity/noBannedTypes: no options yet is exactly the empty object.
export class CommandParser<Options = {}> {
  #usage = '';
  #epilogue = '';
  readonly #options = new Map<string, OptionDescription>();
  readonly #positionals = new Map<string, PositionalDescription>();
  readonly #commands: { form: string; describe: string }[] = [];
  readonly #conflicts: [string, string][] = [];
  readonly #examples: { line: string; describe: string }[] = [];

  usage(text: string): this {
    this.#usage = text;
    return this;
  }

  option<Name extends string, const Given extends OptionGiven>(
    name: Name,
    given: Given,
  ): CommandParser<Options & { [Key in Name]: ValueOf<Given> }> {
    this.#options.set(name, { name, ...given });
    return this as never;
  }

  /** It may ask another node: whoever reads its words sees to that. */
  askedNode(): this {
    this.#options.set('d', askedNodeOption);
    return this;
  }

  /** `$0 <tag> [node]` names the words that are no options; any other form names a command below this one. */
  command(form: string, describe: string | false, inner?: (parser: this) => unknown): this {
    const [first, ...words] = form.split(' ');
    if (first !== '$0') {
      if (describe !== false) this.#commands.push({ form, describe });
      return this;
    }
    for (const word of words) {
      const [, open, name, many] = /^([<[])([^\]>.]+)([.]{2})?[\]>]$/.exec(word)!;
      this.#positionals.set(name!, {
        name: name!,
        isRequired: open === '<',
        isMany: many !== undefined,
        describe: '',
        choices: [],
      });
    }
    inner?.(this);
    return this;
  }

  positional<Name extends string, const Given extends PositionalGiven>(
    name: Name,
    given: Given,
  ): CommandParser<Options & { [Key in Name]: ValueOf<Given> }> {
    const known = this.#positionals.get(name);
    this.#positionals.set(name, {
      name,
      isRequired: known?.isRequired ?? given.demandOption === true,
      isMany: known?.isMany ?? false,
      describe: given.describe ?? '',
      choices: given.choices ?? [],
    });
    return this as never;
  }

  /** Two options of which only one makes sense at a time. */
  conflicts(one: string, other: string): this {
    this.#conflicts.push([one, other]);
    return this;
  }

  example(line: string, describe: string): this {
    this.#examples.push({ line, describe });
    return this;
  }

  /** Said at the end of the help, before the exit codes. */
  epilogue(text: string): this {
    this.#epilogue = text;
    return this;
  }

  describe(name: string): CommandDescription {
    return {
      name,
      usage: this.#usage,
      options: [...this.#options.values(), helpOption, versionOption],
      positionals: [...this.#positionals.values()],
      commands: this.#commands,
      conflicts: this.#conflicts,
      examples: this.#examples,
      epilogue: this.#epilogue,
    };
  }
}

const askedNodeOption = {
  name: 'd',
  value: 'NODE',
  type: 'string',
  requiresArg: true,
  describe: 'Ask the agent of NODE, by way of that of this node',
} as const;
const helpOption = { name: 'help', alias: 'h', type: 'boolean', describe: 'Show this help' } as const;
const versionOption = { name: 'version', type: 'boolean', describe: 'Show the version' } as const;
