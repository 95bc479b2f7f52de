import type { CommandDescription, OptionDescription } from '../../../program/options/description.ts';
import { lcdiCodesHelp } from './codes.ts';
import type { Spec } from './spec.ts';

/** A command of the dialect in the words in which manual pages and completion know all commands. */
export function describeSpec(spec: Spec): CommandDescription {
  const { name, synopsis, says, values, flags = {}, examples } = spec;
  const options: OptionDescription[] = [
    ...Object.entries(values).map(([option, [value, describe]]) => ({
      name: option,
      type: 'string' as const,
      value,
      describe,
    })),
    ...Object.entries(flags).map(([option, describe]) => flag(option, describe)),
    ...(spec.isLocal === true
      ? []
      : [{ name: 'd', type: 'string' as const, value: 'NODE', describe: 'The node that is asked' }]),
    ...(spec.changes === true ? [flag('dry-run', 'Show what would change, change nothing')] : []),
    flag('json', 'Answer as JSON'),
    { ...flag('help', 'Show this help'), alias: 'h' },
  ];
  return {
    name,
    usage: `Usage: ${name} ${synopsis}\n\n${says}`,
    options,
    positionals: [],
    commands: [],
    conflicts: [],
    examples: examples.map(([line, describe]) => ({ line, describe })),
    epilogue: '',
    exitCodes: lcdiCodesHelp.join('\n'),
  };
}

function flag(name: string, describe: string): OptionDescription {
  return { name, type: 'boolean', describe };
}
