import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from './readManifest.ts';

/** The `kit.yaml` of a script kit, else the file that a kit is imported from: what its manifest names, else one of the usual places, else the file itself. */
export function findEntry(place: string): string | undefined {
  if (statSync(place).isFile()) return place;
  const description = join(place, 'kit.yaml');
  if (statSync(description, { throwIfNoEntry: false })?.isFile() === true) return description;
  const { exports, main } = readManifest(place) ?? {};
  const named = frontDoor(exports) ?? (typeof main === 'string' ? main : undefined);
  if (named !== undefined) return join(place, named);
  return ['src/index.ts', 'index.ts', 'src/index.js', 'index.js']
    .map((name) => join(place, name))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** What `import` of the package gets. The form of `exports` is Node's: a path, conditions, or conditions under `.`. */
function frontDoor(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) return exports.map(frontDoor).find((path) => path !== undefined);
  if (typeof exports !== 'object' || exports === null) return undefined;
  for (const [condition, target] of Object.entries(exports)) {
    if (!['.', 'node', 'import', 'module-sync', 'default'].includes(condition)) continue;
    const path = frontDoor(target);
    if (path !== undefined) return path;
  }
  return undefined;
}
