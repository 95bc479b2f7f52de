/** A map of a document. */
export type Part = Record<string, unknown>;

export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a path such as `resources.db.needs.0` names, as the keys on the way to it. Keys may hold dots, as tags do: where
 * several readings lead somewhere the one that leads farthest wins. `found` keys are there, `left` is not.
 */
export function followPath(document: unknown, path: string): Readonly<{ found: string[]; left: string }> {
  let best = { found: [] as string[], left: path };
  const keys = isPart(document) ? Object.keys(document) : Array.isArray(document) ? [...document.keys()] : [];
  for (const one of keys) {
    const key = String(one);
    if (path !== key && !path.startsWith(`${key}.`)) continue;
    const inner = followPath((document as Part)[key], path.slice(key.length + 1));
    const isWhole = path === key;
    const reading = isWhole ? { found: [key], left: '' } : { found: [key, ...inner.found], left: inner.left };
    if (reading.left.length < best.left.length) best = reading;
  }
  return best;
}

export function valueAt(document: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((part, key) => (part as Part | undefined)?.[key], document);
}

/** Puts a value where the path leads, and makes the maps on the way there. Answers false where that is no map. */
export function setPath(document: Part, path: string, value: unknown): boolean {
  const { found, left } = followPath(document, path);
  const keys = left === '' ? found : [...found, ...left.split('.')];
  const last = keys.pop();
  if (last === undefined || last === '') return false;
  let part: Part = document;
  for (const key of keys) {
    part[key] ??= {};
    if (typeof part[key] !== 'object') return false;
    part = part[key] as Part;
  }
  part[last] = value;
  return true;
}

/** Takes out what a path names, with the maps around it that are empty then. Answers whether it was there. */
export function deletePath(document: Part, path: string): boolean {
  const { found, left } = followPath(document, path);
  if (left !== '' || found.length === 0) return false;
  return deleteKeys(document, found);
}

export function deleteKeys(document: Part, keys: readonly string[]): boolean {
  const around = keys.slice(0, -1);
  const part = valueAt(document, around);
  const last = keys.at(-1)!;
  if (Array.isArray(part)) part.splice(Number(last), 1);
  else if (isPart(part) && Object.hasOwn(part, last)) delete part[last];
  else return false;
  // Parts of the document itself stay, empty as they are: `resources: {}` says what it means.
  if (around.length > 1 && isPart(part) && Object.keys(part).length === 0) deleteKeys(document, around);
  return true;
}
