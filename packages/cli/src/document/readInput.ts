import { readFile } from 'node:fs/promises';
import type { PlacedProblem } from '../problems/showProblems.ts';
import { readAll } from '../program/readAll.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { readYaml, type Yaml } from './readYaml.ts';

/** How a command names standard input once its options are parsed. */
const standardInput = '/dev/stdin';

/** The parser of options makes nothing of a lone dash; the name of the device passes, and is a name in its own right. */
export function withDashNamed(around: Surroundings): Surroundings {
  return { ...around, args: around.args.map((arg) => (arg === '-' ? standardInput : arg)) };
}

/** Reads a YAML document from a file or from standard input; or says why that cannot be done. */
export async function readInput(file: string, { input }: Surroundings): Promise<Yaml> {
  try {
    const text = file === standardInput ? await readAll(input) : await readFile(file, 'utf8');
    if (text === undefined) return { ok: false, problems: [noFile(file, 'it is longer than 16 MiB')] };
    return readYaml(text, file === standardInput ? 'stdin' : file);
  } catch (error) {
    return { ok: false, problems: [noFile(file, (error as Error).message)] };
  }
}

function noFile(file: string, why: string): PlacedProblem {
  return {
    code: 'NO_FILE',
    path: '',
    what: `${file} cannot be read`,
    why,
    todo: 'name a YAML document, or - for standard input',
  };
}
