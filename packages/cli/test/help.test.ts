import { expect, test } from '@jest/globals';
import { exitCodes, exitCodesHelp } from '../src/exitCodes.ts';
import { manualPage } from '../src/manual/manualPage.ts';
import { showHelp } from '../src/program/options/showHelp.ts';
import { allCommands } from './support/allCommands.ts';

const commands = await allCommands();
const names = commands.map(({ name }) => name);

test('there is a command for each verb', () => {
  const verbs =
    'status graph restore remove recover move check pause resume why history operation replay apply export config resource policy node doctor agent support completion';
  expect(names).toEqual(expect.arrayContaining(verbs.split(' ').map((verb) => `holdfast ${verb}`)));
  expect(new Set(names).size).toBe(names.length);
});

test.each(commands.map((command) => [command.name, command] as const))(
  'the help of %s says what it does, has an example, and fits 80 columns',
  (name, command) => {
    const help = showHelp(command, command.exitCodes ?? exitCodesHelp);
    expect(help).toMatch(/^Usage: .*\n\n[A-Z].*\nExamples:\n {2}\S.*Exit codes:\n {2}0 /s);
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(command.usage).toContain(name);
    for (const { describe = '', name: option } of command.options)
      expect([option, describe]).toEqual([option, expect.stringMatching(/^\S.*[^.]$/s)]);
    // An example must be what the command takes: its options are ones that it has.
    const options = command.options.flatMap((one) => [`--${one.name}`, `-${one.name}`, `-${one.alias}`]);
    for (const { line } of command.examples) {
      const own = line.startsWith(`${name} `) ? line.slice(name.length).split(/ -- | && | [|] /)[0]! : '';
      const used = [...(own.match(/(?<= )--[a-z][\w-]*/g) ?? []), ...lettersIn(own, command)];
      if (command.commands.length === 0) expect(options).toEqual(expect.arrayContaining(used));
    }
  },
);

test('every exit code is in the help', () => {
  for (const code of Object.values(exitCodes))
    expect(exitCodesHelp).toMatch(new RegExp(`^ {2}${code} `, 'm'));
});

test.each(commands.map((command) => [command.name, command] as const))(
  'the manual page of %s has the usual parts, and no line that roff would take for an order',
  (name, command) => {
    const page = manualPage(command, { date: '2026-01-31', version: '0.1.0', all: commands });
    expect(page).toMatch(/^\.TH \S+ 8 2026-01-31 "Holdfast 0.1.0"/m);
    for (const part of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXAMPLES', 'EXIT STATUS'])
      expect(page).toContain(`\n.SH ${part.includes(' ') ? `"${part}"` : part}\n`);
    expect(page).toContain(name.replaceAll('-', '\\-').split(' ').at(-1));
    for (const line of page.split('\n').filter((one) => /^[.']/.test(one)))
      expect(line).toMatch(/^[.](TH|SH|TP|B|PP|RS|RE|nf|fi|\\")( |$)/);
  },
);

/** Letters may stand together, `-ab` for `-a -b`; behind one that takes a value stands its value, as in `-f:`. */
function lettersIn(line: string, { options }: (typeof commands)[number]): string[] {
  const isValued = (letter: string) =>
    options.some(({ name, alias, type }) => (name === letter || alias === letter) && type !== 'boolean');
  const groups = line.match(/(?<= -)[a-zA-Z]+(?= |$)/g) ?? [];
  return groups.flatMap((group) => {
    const end = [...group].findIndex(isValued);
    return [...group.slice(0, end === -1 ? undefined : end + 1)].map((letter) => `-${letter}`);
  });
}
