import { chmod, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPath } from './openWorld.ts';
import { print } from './print.ts';
import { readWords } from './readWords.ts';
import { UsageError } from './usageError.ts';

const templates = fileURLToPath(new URL('../../templates', import.meta.url));
/** What the templates are called, wherever it stands. */
const placeholder = 'my-kit';

/** `holdfast kit new`: a folder with a kit in it that keeps every rule, to be changed into one's own. */
export async function newCommand(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(words, {
    script: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const [name, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`too many words: ${others.join(' ')}`);
  if (name === undefined) throw new UsageError('name the kit, such as redis, or the path of its folder');
  const type = basename(resolve(name));
  if (!/^[a-z][a-z0-9-]*$/.test(type)) {
    throw new UsageError(`${type} is not a name of small letters, digits and hyphens, such as redis`);
  }
  const folder = resolve(name);
  const there = await readdir(folder).catch((): string[] => []);
  if (there.length > 0) throw new UsageError(`${folder} is not empty`);
  await cp(join(templates, values.script ? 'script' : 'typescript'), folder, { recursive: true });
  const files = await nameFiles(folder, type);
  const shown = isPath(name) ? name : `./${name}`;
  print(values.json, { version: 1, type, folder, files }, () =>
    [`${folder}`, ...files.map((file) => `  ${file}`), '', `Try it: holdfast kit test ${shown}`].join('\n'),
  );
  return 0;
}

/** Puts the name in, and takes the right to write from others: what they can change is not run. */
async function nameFiles(folder: string, type: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(placeholder, type));
    await chmod(file, text.startsWith('#!') ? 0o755 : 0o644);
  }
  for (const entry of entries)
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  await chmod(folder, 0o755);
  return files.map((file) => file.slice(folder.length + 1)).sort();
}
