import { nearest } from './nearest.ts';
import type { Metadata, ParameterMetadata } from './readMetadata.ts';
import type { Parameter } from './settings.ts';

export type CheckedParameters = Readonly<{
  /** Each keeps the agent from being started. */
  wrong: readonly string[];
  /** Metadata is often careless about types: a value that does not fit is told, and the agent decides. */
  doubts: readonly string[];
  /** Each parameter that holds, as given or by default; never a secret. */
  holds: readonly string[];
}>;

/** Holds what was given against what the agent says that it takes. */
export function checkParameters(
  { parameters }: Metadata,
  given: Readonly<Record<string, Parameter>>,
): CheckedParameters {
  const names = parameters.map(({ name }) => name);
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const meant = nearest(name, names);
      return `the agent has no parameter ${name}${meant === undefined ? `; it has ${names.join(', ')}` : `; did you mean ${meant}?`}`;
    });
  const missing = parameters
    .filter((one) => one.isRequired && (given[one.name] ?? one.default ?? '') === '')
    .map(({ name, summary }) => `the parameter ${name} is required${summary === '' ? '' : ` (${summary})`}`);
  const doubts = parameters.flatMap((one) => {
    const value = given[one.name];
    return typeof value === 'string' && !fits(one, value)
      ? [`${one.name}: "${value}" is no ${one.type}, as the metadata wants it`]
      : [];
  });
  return { wrong: [...unknown, ...missing], doubts, holds: parameters.flatMap((one) => say(one, given)) };
}

function fits({ type }: ParameterMetadata, value: string): boolean {
  if (type === 'integer') return /^-?\d+$/.test(value);
  if (type === 'boolean') return /^(1|0|true|false|yes|no|on|off|ja|nein)$/i.test(value);
  return true;
}

function say({ name, default: byDefault }: ParameterMetadata, given: Readonly<Record<string, Parameter>>) {
  const value = given[name];
  if (typeof value === 'string') return [`${name}=${value}`];
  if (value !== undefined) return [`${name} from ${value.file}`];
  return byDefault === undefined || byDefault === '' ? [] : [`${name}=${byDefault} (default)`];
}
