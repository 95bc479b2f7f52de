import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from './findSource.ts';
import { kindOf } from './kindOf.ts';
import { plainPath } from './resolvePlace.ts';
import type { Settings } from './settings.ts';

type FstabLine = Readonly<{ number: number; device: string; place: string; options: readonly string[] }>;

/**
 * Who else mounts it when the node boots: a line of fstab without noauto, or an enabled unit of systemd. A node that
 * comes back would mount the disk while another has it.
 */
export async function findDoubleManagement(
  settings: Settings,
  { place, source }: Readonly<{ place: string; source: Source | string }>,
  folders: Readonly<{ fstab: string; systemd: string }> = {
    fstab: '/etc/fstab',
    systemd: '/etc/systemd/system',
  },
): Promise<readonly string[]> {
  const places = new Set([plainPath(settings.mountPoint), place]);
  const lines = readFstab(await readFile(folders.fstab, 'utf8').catch(() => ''));
  // The source of tmpfs and of a folder is no disk that two could have mounted.
  const isDisk = kindOf(settings.fsType) === 'block';
  const paths = isDisk ? [settings.device, ...(typeof source === 'string' ? [] : [source.path])] : [];
  const names = new Set(paths);
  const isDevice = async ({ device }: FstabLine): Promise<boolean> =>
    names.has(device) ||
    (device.startsWith('/dev/') && names.has(await realpath(device).catch(() => device)));
  const found: string[] = [];
  for (const line of lines) {
    const { number, device, place: written, options } = line;
    if (options.includes('noauto') && !options.includes('x-systemd.automount')) continue;
    if (!places.has(plainPath(written)) && !(await isDevice(line))) continue;
    found.push(`${folders.fstab}:${number}: ${device} ${written}`);
  }
  for (const unit of await enabledUnits(folders.systemd)) {
    if ([...places].some((one) => unit.startsWith(`${escapeForSystemd(one)}.`)))
      found.push(`the unit ${unit} is enabled`);
  }
  return found;
}

export function readFstab(text: string): readonly FstabLine[] {
  return text.split('\n').flatMap((line, index) => {
    const [device, place, , options] = line.trim().split(/\s+/);
    if (device === undefined || device.startsWith('#') || place === undefined) return [];
    return [
      {
        number: index + 1,
        device: decode(device),
        place: decode(place),
        options: (options ?? 'defaults').split(','),
      },
    ];
  });
}

function decode(text: string): string {
  return text
    .replaceAll('"', '')
    .replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** An enabled unit is a link in a folder of those that want or require it. */
async function enabledUnits(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const wanting = names.filter((name) => /\.(wants|requires)$/.test(name));
  const units = await Promise.all(wanting.map((name) => readdir(join(folder, name)).catch(() => [])));
  return [...new Set(units.flat())].filter((name) => /\.(mount|automount)$/.test(name));
}

/** As systemd makes a unit's name of a path: slashes are dashes, and other letters are bytes in hexadecimal. */
export function escapeForSystemd(path: string): string {
  return [...Buffer.from(path.replace(/^\//, ''))]
    .map((byte, index) => {
      const letter = String.fromCharCode(byte);
      if (letter === '/') return '-';
      if (/[A-Za-z0-9:_]/.test(letter) || (letter === '.' && index > 0)) return letter;
      return `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
