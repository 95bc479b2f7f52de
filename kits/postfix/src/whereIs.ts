import { readFile, realpath } from 'node:fs/promises';

/** What a folder is on. */
export type Place = Readonly<{ mountPoint: string; isReadOnly: boolean; source: string }>;

/** After an error, ext4 says `emergency_ro` on new kernels and `ro` on older ones. */
const readOnlyWords = new Set(['ro', 'emergency_ro', 'shutdown']);

/** The mount that a path is on, from the kernel's own list, which never waits for a disk. */
export async function whereIs(path: string): Promise<Place> {
  const folder = await realpath(path).catch(() => path);
  const text = await readFile('/proc/self/mountinfo', 'utf8');
  let place: Place = { mountPoint: '/', isReadOnly: false, source: '' };
  for (const line of text.trim().split('\n')) {
    const [before, after] = line.split(' - ') as [string, string];
    const [, , , , at, options] = before.split(' ') as [string, string, string, string, string, string];
    const mountPoint = decode(at);
    const isAbove = mountPoint === '/' || folder === mountPoint || folder.startsWith(`${mountPoint}/`);
    // Later mounts cover earlier ones at the same place.
    if (!isAbove || mountPoint.length < place.mountPoint.length) continue;
    const [, source, superOptions] = after.split(' ') as [string, string, string];
    const words = [options, superOptions].flatMap((list) => list.split(','));
    const isReadOnly = words.some((word) => readOnlyWords.has(word));
    place = { mountPoint, isReadOnly, source: decode(source) };
  }
  return place;
}

/** The kernel writes space, tab, newline and backslash as octal numbers. */
function decode(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
