import type { CompletionRow, Kind } from './completionTable.ts';

/**
 * The table as associative arrays, which bash and zsh write the same way. Keys are paths, and paths with an option
 * behind them; kinds are a word, or `=a,b,c` for certain words. Nothing in them needs quoting beyond single quotes.
 */
export function shellTables(table: readonly CompletionRow[]): string[] {
  const rows = (entries: readonly (readonly [string, string])[]): string[] =>
    entries.filter(([, value]) => value !== '').map(([key, value]) => `  [${quoted(key)}]=${quoted(value)}`);
  const valued = table.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) =>
      value === undefined ? [] : names.map((name) => [`${path} ${name}`, word(value)] as const),
    ),
  );
  return [
    'typeset -A _holdfast_commands=(',
    ...rows(table.map(({ path, commands }) => [path, commands.map(({ name }) => name).join(' ')])),
    ')',
    'typeset -A _holdfast_options=(',
    ...rows(table.map(({ path, options }) => [path, options.flatMap(({ names }) => names).join(' ')])),
    ')',
    'typeset -A _holdfast_values=(',
    ...rows(valued),
    ')',
    'typeset -A _holdfast_words=(',
    ...rows(
      table.map(({ path, words, isMany }) => [path, `${words.map(word).join(' ')}${isMany ? ' ...' : ''}`]),
    ),
    ')',
  ];
}

export function word(kind: Kind): string {
  return typeof kind === 'string' ? kind : `=${kind.words.join(',')}`;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The commands that are typed first. */
export function programsOf(table: readonly CompletionRow[]): string[] {
  return table.map(({ path }) => path).filter((path) => !path.includes(' '));
}
