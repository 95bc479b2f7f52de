import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What package.json of a folder says; undefined when there is none, or none that can be read. */
export function readManifest(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
