import type { Options, Spec } from './spec.ts';

export type Read<Value extends string, Flag extends string> =
  | Readonly<{ kind: 'options'; options: Options<Value, Flag> }>
  | Readonly<{ kind: 'help' | 'version' }>
  | Readonly<{ kind: 'misused'; what: string }>;

/**
 * Reads options as these commands always took them: a letter each, a value after it or joined to it (`-f:`), letters
 * without a value in one word. Names of more letters begin with two dashes. Scripts call these commands by the
 * hundred: this takes a millisecond, where loading a parser would take a hundred.
 */
export function readOptions<Value extends string, Flag extends string>(
  spec: Spec<Value, Flag>,
  args: readonly string[],
): Read<Value, Flag> {
  const values: Record<string, string> = {};
  const flags = new Set<string>();
  const words: string[] = [];
  const takesValue = (name: string) =>
    Object.hasOwn(spec.values, name) || (name === 'd' && spec.isLocal !== true);
  const isFlag = (name: string) =>
    Object.hasOwn(spec.flags ?? {}, name) || name === 'json' || (name === 'dry-run' && spec.changes === true);
  const waiting = [...args];

  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (word === '--') {
      words.push(...waiting.splice(0));
      break;
    }
    if (word === '-h' || word === '--help') return { kind: 'help' };
    if (word === '--version') return { kind: 'version' };
    const problem = word.startsWith('--') ? takeLong(word.slice(2)) : takeLetters(word);
    if (problem !== undefined) return { kind: 'misused', what: problem };
  }

  const missing = (spec.required ?? []).find((name) => values[name] === undefined);
  if (missing !== undefined) return { kind: 'misused', what: `${dashed(missing)} is missing` };
  if (words.length > 0 && spec.hasWords !== true)
    return { kind: 'misused', what: `${words[0]} follows no option` };
  const isJson = flags.delete('json');
  const dryRun = flags.delete('dry-run');
  return {
    kind: 'options',
    options: {
      values: values as Options<Value, Flag>['values'],
      flags: flags as Set<Flag>,
      words,
      isJson,
      dryRun,
    },
  };

  function takeLong(text: string): string | undefined {
    const at = text.indexOf('=');
    const name = at === -1 ? text : text.slice(0, at);
    if (name.length > 1 && takesValue(name))
      return give(name, at === -1 ? waiting.shift() : text.slice(at + 1));
    return at === -1 && name.length > 1 && isFlag(name) ? raise(name) : `there is no option --${name}`;
  }

  function takeLetters(word: string): string | undefined {
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      return undefined;
    }
    for (let at = 1; at < word.length; at += 1) {
      const name = word[at]!;
      if (takesValue(name)) return give(name, at + 1 < word.length ? word.slice(at + 1) : waiting.shift());
      const problem = isFlag(name) ? raise(name) : `there is no option -${name}`;
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  function give(name: string, value: string | undefined): string | undefined {
    if (value === undefined) return `${dashed(name)} needs a value`;
    if (values[name] !== undefined) return `${dashed(name)} was given more than once`;
    values[name] = value;
    return undefined;
  }

  function raise(name: string): string | undefined {
    if (flags.has(name)) return `${dashed(name)} was given more than once`;
    flags.add(name);
    return undefined;
  }
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
