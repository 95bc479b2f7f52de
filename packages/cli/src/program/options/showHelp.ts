import { wrap } from '../../text/wrap.ts';
import type { CommandDescription, OptionDescription, PositionalDescription } from './description.ts';

/** The help of a command, in 80 columns wherever it is read: it is the same text in a pipe and in a manual. */
export function showHelp(description: CommandDescription, exitCodes: string): string {
  const { usage, options, positionals, commands, examples, epilogue } = description;
  const parts = [
    usage.split('\n').flatMap((line) => wrap(line, { first: '', width, hang: 7 })),
    section(
      'Commands:',
      commands.map(({ form, describe }) => [form, describe]),
    ),
    section('Arguments:', positionals.filter(({ describe }) => describe !== '').map(argument)),
    section('Options:', options.map(optionRow)),
    examples.length === 0 ? [] : ['Examples:', ...examples.flatMap(showExample)],
    epilogue === '' ? [] : epilogue.split('\n'),
    exitCodes.split('\n'),
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

const width = 80;

export function optionForm({ name, alias, type, value, choices }: OptionDescription): string {
  const names = [
    ...(alias === undefined ? [] : [`-${alias}`]),
    `${name.length === 1 ? '-' : '--'}${name}`,
  ].join(', ');
  if (type === 'boolean') return names;
  return `${names} ${value ?? (choices === undefined ? 'VALUE' : choices.join('|'))}`;
}

function optionRow(option: OptionDescription): [string, string] {
  return [optionForm(option), option.describe ?? ''];
}

function argument({ name, describe }: PositionalDescription): [string, string] {
  return [name.toUpperCase(), describe];
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const longest = Math.max(...rows.map(([form]) => form.length));
  const column = Math.min(longest, 26) + 4;
  return [
    title,
    ...rows.flatMap(([form, describe]) => {
      const first = `  ${form}`;
      // A long form has a line of its own, so that the descriptions keep their column.
      if (first.length + 2 > column) return [first, ...wrap(describe, { first: ' '.repeat(column), width })];
      return wrap(describe, { first: first.padEnd(column), width });
    }),
  ];
}

function showExample({ line, describe }: { line: string; describe: string }): string[] {
  return [`  ${line}`, ...wrap(describe, { first: '      ', width })];
}
