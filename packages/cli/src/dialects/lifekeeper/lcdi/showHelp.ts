import { wrap } from '../../../text/wrap.ts';
import { lcdiCodesHelp } from './codes.ts';
import type { Spec } from './spec.ts';

const width = 80;

/** The help of a command, from what it is parsed by. */
export function showHelp(spec: Spec): string[] {
  const options = [
    ...Object.entries(spec.values).map(
      ([name, [value, says]]) => [`${dashed(name)} ${value}`, says] as const,
    ),
    ...Object.entries(spec.flags ?? {}).map(([name, says]) => [dashed(name), says] as const),
    ...(spec.isLocal === true
      ? []
      : [['-d NODE', 'The node that is asked; this one when left out'] as const]),
    ...(spec.changes === true ? [['--dry-run', 'Show what would change, change nothing'] as const] : []),
    ['--json', 'Answer as JSON'] as const,
    ['-h, --help', 'Show this help'] as const,
  ];
  const column = Math.min(24, Math.max(...options.map(([option]) => option.length)) + 4);
  return [
    ...wrap(`${spec.name} ${spec.synopsis}`, { first: 'Usage: ', width, hang: 8 + spec.name.length }),
    '',
    ...spec.says.split('\n').flatMap((text) => wrap(text, { first: '', width })),
    '',
    'Options:',
    ...options.flatMap(([option, says]) => aligned(option, says, column)),
    '',
    'Examples:',
    ...spec.examples.flatMap(([line, says]) => [`  ${line}`, ...wrap(says, { first: '      ', width })]),
    '',
    ...lcdiCodesHelp,
  ];
}

function aligned(option: string, says: string, column: number): string[] {
  const first = `  ${option}`.padEnd(column);
  return first.length > column
    ? [first, ...wrap(says, { first: ' '.repeat(column), width })]
    : wrap(says, { first, width });
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
