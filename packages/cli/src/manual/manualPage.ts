import { exitCodesHelp } from '../exitCodes.ts';
import type { CommandDescription, OptionDescription } from '../program/options/description.ts';
import { optionForm } from '../program/options/showHelp.ts';

export type Edition = Readonly<{ date: string; version: string; all: readonly CommandDescription[] }>;

/** The manual page of a command in roff, from what it says of itself. Section 8: commands for the administrator. */
export function manualPage(command: CommandDescription, { date, version, all }: Edition): string {
  const { name, usage, options, positionals, commands, examples, epilogue } = command;
  const [synopsis = '', ...about] = usage.split('\n\n');
  return [
    `.\\" Made from what the command says of itself; changes belong there.`,
    `.TH ${pageName(name).toUpperCase()} 8 ${date} "Holdfast ${version}" "Holdfast"`,
    ...section('NAME', [`${text(pageName(name))} \\- ${text(summaryOf(command, all))}`]),
    ...section('SYNOPSIS', [
      '.nf',
      ...synopsis.split('\n').map((line) => text(line.replace(/^Usage: /, '').trim())),
      '.fi',
    ]),
    ...section('DESCRIPTION', [
      ...paragraphs(about),
      ...(epilogue === '' ? [] : ['.PP', ...lines(epilogue)]),
    ]),
    ...section(
      'COMMANDS',
      commands.flatMap((one) => row(one.form, one.describe)),
    ),
    ...section(
      'ARGUMENTS',
      positionals.flatMap((one) => row(one.name.toUpperCase(), one.describe)),
    ),
    ...section('OPTIONS', options.flatMap(optionRow)),
    ...section(
      'EXAMPLES',
      examples.flatMap((one) => row(one.line, one.describe)),
    ),
    ...section('"EXIT STATUS"', exitRows(command.exitCodes ?? exitCodesHelp)),
    ...section('FILES', [
      ...row('/run/holdfast/agent.sock', 'where the agent listens'),
      ...row('/run/holdfast/status.json', 'what it wrote last, for when it is down'),
      ...row('/etc/holdfast/agent.yaml', 'the settings of the agent'),
    ]),
    ...section('ENVIRONMENT', [
      ...row('HOLDFAST_ROOT', 'a folder below which all these files are'),
      ...row('NO_COLOR', 'when set, nothing is coloured'),
    ]),
    ...section('"SEE ALSO"', [
      related(name, all)
        .map((other) => `${text(pageName(other))}(8)`)
        .join(', '),
    ]),
    '',
  ].join('\n');
}

/** `holdfast resource add` has the page holdfast-resource-add. */
export function pageName(name: string): string {
  return name.replaceAll(' ', '-');
}

function summaryOf({ name, usage }: CommandDescription, all: readonly CommandDescription[]): string {
  const above = all.find(
    (one) => name.startsWith(`${one.name} `) && !name.slice(one.name.length + 1).includes(' '),
  );
  const listed = above?.commands.find(({ form }) => form.split(' ')[0] === name.split(' ').at(-1));
  const first = usage.split('\n\n')[1]?.split(/(?<=[.:]) /)[0] ?? name;
  const says = listed?.describe ?? first.replaceAll('\n', ' ').replace(/[.:]$/, '');
  return says.charAt(0).toLowerCase() + says.slice(1);
}

/** The command above, those below, and all other commands of the first kind from the page of a dialect. */
function related(name: string, all: readonly CommandDescription[]): string[] {
  const near = all
    .map((one) => one.name)
    .filter(
      (other) =>
        other !== name &&
        (other.startsWith(`${name} `) || name.startsWith(`${other} `) || other === 'holdfast'),
    );
  return near.length === 0 ? ['holdfast status'] : [...new Set(near)];
}

function section(title: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : [`.SH ${title}`, ...body];
}

function paragraphs(parts: readonly string[]): string[] {
  return parts.flatMap((part, index) => [...(index === 0 ? [] : ['.PP']), ...lines(part)]);
}

function lines(part: string): string[] {
  return part.split('\n').map((line) => text(line.trim()));
}

function row(term: string, describe: string): string[] {
  return ['.TP', `.B ${text(term)}`, ...(describe === '' ? ['\\&'] : lines(describe))];
}

function optionRow(option: OptionDescription): string[] {
  return row(optionForm(option), option.describe ?? '');
}

function exitRows(help: string): string[] {
  const [, ...rows] = help.split('\n');
  return rows.flatMap((line) => {
    const [, code, says] = /^ *(\d+) +(.*)$/.exec(line) ?? [];
    return code === undefined ? [text(line.trim())] : row(code, says!);
  });
}

/** Text that roff prints as it is: a hyphen stays one that can be copied, and no line begins with an order. */
function text(line: string): string {
  const safe = line.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq');
  return /^[.']/.test(safe) ? `\\&${safe}` : safe;
}
