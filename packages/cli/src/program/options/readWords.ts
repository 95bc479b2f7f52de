import { parseArgs } from 'node:util';
import type { CommandDescription, OptionDescription } from './description.ts';

export type ReadWords =
  | Readonly<{ ok: true; values: Readonly<Record<string, unknown>> }>
  /** `word` is what was not understood, where another was meant perhaps. */
  | Readonly<{ ok: false; what: string; word?: string; known?: readonly string[] }>;

/**
 * Reads the words of a command line by the description of the command, strictly: an option that does not exist,
 * stands there twice or lacks its value must not be ignored in silence. What follows `--` is handed on as it is.
 */
export function readWords(description: CommandDescription, words: readonly string[]): ReadWords {
  const byName = new Map<string, OptionDescription>();
  for (const option of description.options) {
    byName.set(option.name, option);
    if (option.alias !== undefined) byName.set(option.alias, option);
  }
  const values: Record<string, unknown> = {};
  const positionals: string[] = [];
  const rest: string[] = [];
  let isRest = false;
  for (const token of tokensOf(description.options, words)) {
    if (token.kind === 'option-terminator') isRest = true;
    else if (token.kind === 'positional') (isRest ? rest : positionals).push(token.value);
    else {
      const option = byName.get(token.name);
      if (option === undefined) {
        const known = [...byName.keys()].map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
        return { ok: false, what: `there is no option ${token.rawName}`, word: token.rawName, known };
      }
      const refusal = take(option, token, values);
      if (refusal !== undefined) return { ok: false, what: refusal };
    }
  }
  if (isRest) values['--'] = rest;
  return settle(description, positionals, values);
}

/** Puts the words that are no options in their places, and looks at what all of them say together. */
export function settle(
  description: CommandDescription,
  positionals: readonly string[],
  values: Record<string, unknown>,
): ReadWords {
  // Who asks for help need not know yet what else must be given.
  if (values.help === true || values.version === true) return { ok: true, values };
  const refusal =
    placePositionals(description, positionals, values) ??
    contradiction(description, values) ??
    missing(description, values);
  return refusal === undefined ? { ok: true, values } : { ok: false, what: refusal };
}

type Token =
  | Readonly<{ kind: 'option-terminator' }>
  | Readonly<{ kind: 'positional'; value: string }>
  | OptionToken;
type OptionToken = Readonly<{
  kind: 'option';
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}>;

function tokensOf(options: readonly OptionDescription[], words: readonly string[]): Token[] {
  const known = options.map(
    ({ name, alias, type }) =>
      [
        name,
        {
          type: type === 'boolean' ? 'boolean' : 'string',
          ...(name.length === 1 ? { short: name } : alias === undefined ? {} : { short: alias }),
        },
      ] as const,
  );
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(known),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  return tokens as Token[];
}

/** Puts the value of an option in its place; answers with what is wrong about it. */
function take(
  option: OptionDescription,
  token: OptionToken,
  values: Record<string, unknown>,
): string | undefined {
  const { rawName, value, inlineValue } = token;
  const { name, type, choices, array } = option;
  if (type === 'boolean') {
    if (inlineValue === true) return `${rawName} takes no value`;
    if (Object.hasOwn(values, name)) return `${rawName} was given more than once`;
    values[name] = true;
    return undefined;
  }
  const isMissing =
    value === undefined || (inlineValue !== true && value.length > 1 && value.startsWith('-'));
  if (isMissing) return `${rawName} needs a value`;
  if (choices !== undefined && !choices.includes(value))
    return `${rawName} is one of ${choices.join(', ')}, and not ${value}`;
  if (type === 'number' && !Number.isFinite(Number(value || 'none')))
    return `${rawName} is a number, and ${value} is none`;
  if (array === true) values[name] = [...((values[name] as string[] | undefined) ?? []), value];
  else if (Object.hasOwn(values, name)) return `${rawName} was given more than once`;
  else values[name] = type === 'number' ? Number(value) : value;
  return undefined;
}

function placePositionals(
  { positionals }: CommandDescription,
  words: readonly string[],
  values: Record<string, unknown>,
): string | undefined {
  const left = [...words];
  for (const { name, isRequired, isMany, choices } of positionals) {
    const taken = isMany ? left.splice(0) : left.splice(0, 1);
    if (taken.length === 0 && isRequired) return `${name.toUpperCase()} is missing`;
    const wrong = choices.length === 0 ? undefined : taken.find((word) => !choices.includes(word));
    if (wrong !== undefined) return `${name.toUpperCase()} is one of ${choices.join(', ')}, and not ${wrong}`;
    if (isMany) values[name] = taken;
    else if (taken[0] !== undefined) values[name] = taken[0];
  }
  return left.length === 0 ? undefined : `nothing is made of ${left.join(' ')}`;
}

function missing({ options }: CommandDescription, values: Record<string, unknown>): string | undefined {
  for (const { name, demandOption, default: fallback } of options) {
    if (Object.hasOwn(values, name)) continue;
    if (demandOption === true) return `${name.length === 1 ? '-' : '--'}${name} is missing`;
    if (fallback !== undefined) values[name] = fallback;
  }
  return undefined;
}

function contradiction(
  { conflicts }: CommandDescription,
  values: Record<string, unknown>,
): string | undefined {
  const both = conflicts.find((pair) => pair.every((name) => Object.hasOwn(values, name)));
  return both && `--${both[0]} and --${both[1]} contradict each other`;
}
