import type { CompletionRow, Kind } from './completionTable.ts';
import { programsOf } from './shellTables.ts';

export function fishScript(table: readonly CompletionRow[]): string {
  return [
    '# Completion of Holdfast for fish; printed by: holdfast completion fish',
    functions(table),
    ...programsOf(table).map((program) => `complete -c ${program} -f`),
    ...table.flatMap(showRow),
  ].join('\n');
}

function showRow({ path, commands, options, words, isMany }: CompletionRow): string[] {
  const program = path.split(' ')[0]!;
  const isHere = `-n "__holdfast_is ${quoted(path)}"`;
  return [
    ...commands.map(
      ({ name, describe }) => `complete -c ${program} ${isHere} -a ${quoted(name)} -d ${quoted(describe)}`,
    ),
    ...options.map(({ names, describe, value }) => {
      const forms = names.map((name) =>
        name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
      );
      const given = value === undefined ? '' : ` ${value === 'file' ? '-r' : '-x'}${choicesOf(value)}`;
      return `complete -c ${program} ${isHere} ${forms.join(' ')}${given} -d ${quoted(describe)}`;
    }),
    ...words.flatMap((kind, index) => {
      const choices = choicesOf(kind);
      if (choices === '') return [];
      const last = isMany && index === words.length - 1 ? 'more' : 'only';
      return [`complete -c ${program} -n "__holdfast_is ${quoted(path)} ${index} ${last}"${choices}`];
    }),
  ];
}

function choicesOf(kind: Kind): string {
  if (typeof kind !== 'string') return ` -a ${quoted(kind.words.join(' '))}`;
  switch (kind) {
    case 'any':
      return '';
    case 'file':
      return ' -F';
    case 'tag':
    case 'type':
    case 'node':
      return ` -a "(holdfast completion --names ${kind} 2>/dev/null)"`;
  }
}

/** Where the cursor is: the path of the command, and how many words that are no options stand before it. */
function functions(table: readonly CompletionRow[]): string {
  const paths = table.map(({ path }) => quoted(path)).join(' ');
  const valued = table.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) =>
      value === undefined ? [] : names.map((name) => quoted(`${path} ${name}`)),
    ),
  );
  return `set -g __holdfast_paths ${paths}
set -g __holdfast_valued ${valued.join(' ')}
function __holdfast_is
    set -l words (commandline -opc)
    set -l path (basename $words[1])
    set -l place 0
    set -l skip 0
    for word in $words[2..]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            contains -- "$path $word" $__holdfast_valued; and set skip 1
        else if contains -- "$path $word" $__holdfast_paths
            set path "$path $word"
        else
            set place (math $place + 1)
        end
    end
    test "$path" = "$argv[1]"; or return 1
    test (count $argv) -lt 3; and return 0
    test $place = $argv[2]; and return 0
    test "$argv[3]" = more -a $place -gt $argv[2]
end`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
