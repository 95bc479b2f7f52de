import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type World, worldSchema } from '../conformance/world.ts';
import { readData } from './readData.ts';
import { UsageError } from './usageError.ts';

export type OpenWorld = Readonly<{
  world: World;
  /** Where it came from, for the report. */
  from: string;
  close: () => Promise<void>;
}>;

type Named = Readonly<{ kit: string; world: string | undefined; settings: string | undefined }>;

/**
 * Reads where a kit is tried: the file that was named, else test/world.yaml in the kit's folder, else settings alone.
 * In it, `{scratch}` is a new folder, and a word that begins with ./ or ../ is a path from where the file is.
 */
export async function openWorld(named: Named): Promise<OpenWorld> {
  const own = join(resolve(named.kit), 'test/world.yaml');
  const file = named.world ?? (isPath(named.kit) && (await isThere(own)) ? own : undefined);
  if (file === undefined && named.settings === undefined) {
    throw new UsageError(
      `where to try it? give --settings FILE or --world FILE, or write ${isPath(named.kit) ? own : 'test/world.yaml in the folder of the kit'}`,
    );
  }
  const written = file === undefined ? {} : await readData(file, 'world');
  const settings =
    named.settings === undefined ? {} : { settings: await readData(named.settings, 'settings') };
  const scratch = await mkdtemp(join(tmpdir(), 'holdfast-kit-test-'));
  // Services run as accounts of their own, which must get in.
  await chmod(scratch, 0o711);
  const close = () => rm(scratch, { recursive: true, force: true });
  const read = worldSchema.safeParse(
    placed({ ...(written as object), ...settings }, { scratch, folder: dirname(resolve(file ?? '.')) }),
  );
  if (!read.success) {
    await close();
    throw new UsageError(`the world is refused:\n${z.prettifyError(read.error)}`);
  }
  return { world: read.data, from: file ?? 'settings alone', close };
}

function placed(value: unknown, places: Readonly<{ scratch: string; folder: string }>): unknown {
  if (Array.isArray(value)) return value.map((one) => placed(one, places));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, placed(one, places)]));
  if (typeof value !== 'string') return value;
  const text = value.replaceAll('{scratch}', places.scratch);
  return /^\.\.?\//.test(text) ? resolve(places.folder, text) : text;
}

export function isPath(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/');
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
