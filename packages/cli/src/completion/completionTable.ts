import type { CommandDescription, OptionDescription } from '../program/options/description.ts';

/** What may stand in a place: names that the agent knows, files, certain words, or anything. */
export type Kind = 'tag' | 'type' | 'node' | 'file' | 'any' | Readonly<{ words: readonly string[] }>;

export type CompletionRow = Readonly<{
  /** The words of the command: `holdfast resource set`. */
  path: string;
  commands: readonly Readonly<{ name: string; describe: string }>[];
  options: readonly Readonly<{
    /** As typed, with the short form beside it. */
    names: readonly string[];
    describe: string;
    /** Undefined for one that takes no value. */
    value: Kind | undefined;
  }>[];
  words: readonly Kind[];
  /** The last kind holds for all words that follow. */
  isMany: boolean;
}>;

/** What shells need of the descriptions; all scripts are made from it. */
export function completionTable(commands: readonly CommandDescription[]): readonly CompletionRow[] {
  return commands.map(({ name, options, positionals, commands: below }) => ({
    path: name,
    commands: below.map(({ form, describe }) => ({ name: form.split(' ')[0]!, describe })),
    options: options.map((option) => ({
      names: namesOf(option),
      describe: option.describe ?? '',
      value: option.type === 'boolean' ? undefined : kindOf(option),
    })),
    words: positionals.map(kindOf),
    isMany: positionals.at(-1)?.isMany === true,
  }));
}

function namesOf({ name, alias }: OptionDescription): string[] {
  return [`${name.length === 1 ? '-' : '--'}${name}`, ...(alias === undefined ? [] : [`-${alias}`])];
}

/** LifeKeeper's options have one letter; what they name is said by what stands for their value, or is known. */
const kinds: Readonly<Record<string, Kind>> = {
  tag: 'tag',
  t: 'tag',
  r: 'tag',
  resource: 'tag',
  hierarchy: 'tag',
  needs: 'tag',
  'needs-any': 'tag',
  after: 'tag',
  type: 'type',
  node: 'node',
  d: 'node',
  file: 'file',
  FILE: 'file',
};

function kindOf(given: { name: string; choices?: readonly string[]; value?: string }): Kind {
  const { name, choices = [], value } = given;
  if (choices.length > 0) return { words: choices };
  return kinds[value?.toLowerCase().replace(',...', '') ?? name] ?? kinds[name] ?? 'any';
}
