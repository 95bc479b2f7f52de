import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { UsageError } from './usageError.ts';

/** Reads YAML, of which JSON is a part, from a file, or from standard input when the file is named `-`. */
export async function readData(file: string | undefined, option: string): Promise<unknown> {
  if (file === undefined) throw new UsageError(`--${option} is missing`);
  try {
    return parse(file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--${option} ${file}: ${(error as Error).message}`);
  }
}
