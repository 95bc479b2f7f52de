import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { contractVersion, type Kit } from '../contract.ts';
import { findDistrust } from './findDistrust.ts';
import { findFileFaults } from './findFileFaults.ts';
import { type KitFile, kitFileSchema } from './kitFile.ts';
import { optionalScriptActions, type ScriptAction, scriptActions, scriptKit } from './scriptKit.ts';

type Refusal = Readonly<{
  code: 'KIT_BROKEN' | 'KIT_INCOMPLETE' | 'KIT_OTHER_CONTRACT' | 'KIT_WRITABLE';
  what: string;
  why: string;
  todo: string;
}>;
export type OpenedScriptKit =
  | Readonly<{ ok: true; kit: Kit }>
  | Readonly<{ ok: false; refusals: readonly Refusal[] }>;

const neededActions: readonly ScriptAction[] = scriptActions;
const allActions: readonly ScriptAction[] = [...scriptActions, ...optionalScriptActions];

/** Opens a folder with a kit.yaml, and answers everything that is wrong with it at once. */
export async function openScriptKit(path: string): Promise<OpenedScriptKit> {
  const folder = resolve(path);
  const file = await readKitFile(folder);
  const found = await findExecutables(folder);
  const refusals = [...file.refusals, ...found.refusals, ...(await distrustOf(folder, found.executables))];
  if (file.value === undefined || refusals.length > 0) return { ok: false, refusals };
  return { ok: true, kit: scriptKit(folder, file.value, found.executables) };
}

async function readKitFile(folder: string): Promise<{ value?: KitFile; refusals: readonly Refusal[] }> {
  const path = join(folder, 'kit.yaml');
  const broken = (why: string): Refusal => ({
    code: 'KIT_BROKEN',
    what: `The kit ${folder} cannot be loaded`,
    why,
    todo: `correct ${path}`,
  });
  let written: unknown;
  try {
    written = parse(await readFile(path, 'utf8'));
  } catch (error) {
    return { refusals: [broken(`kit.yaml: ${(error as Error).message}`)] };
  }
  const contract = (written as { contract?: unknown } | null)?.contract;
  if (contract !== undefined && contract !== contractVersion) {
    return {
      refusals: [
        {
          code: 'KIT_OTHER_CONTRACT',
          what: `The kit ${folder} was written for another contract`,
          why: `it names version ${String(contract)}; this Holdfast has version ${contractVersion}`,
          todo: 'use a version of the kit and of Holdfast that belong together',
        },
      ],
    };
  }
  const read = kitFileSchema.safeParse(written);
  if (read.success) return { value: read.data, refusals: findFileFaults(read.data).map(broken) };
  const issues = read.error.issues.map(
    ({ path: place, message }) => `kit.yaml: ${z.core.toDotPath(place)}: ${message}`,
  );
  return { refusals: issues.map(broken) };
}

async function findExecutables(
  folder: string,
): Promise<{ executables: ReadonlySet<ScriptAction>; refusals: readonly Refusal[] }> {
  const names = await readdir(folder).catch((): string[] => []);
  const incomplete = (why: string, todo: string): Refusal => ({
    code: 'KIT_INCOMPLETE',
    what: `The kit ${folder} is not complete`,
    why,
    todo,
  });
  const refusals: Refusal[] = [];
  const executables = new Set<ScriptAction>();
  for (const action of allActions) {
    const other = names.find((name) => name !== action && name.toLowerCase() === action.toLowerCase());
    const state = names.includes(action)
      ? await stat(join(folder, action)).catch(() => undefined)
      : undefined;
    if (state?.isFile() === true) {
      executables.add(action);
      if ((state.mode & 0o100) === 0)
        refusals.push(incomplete(`its ${action} cannot be executed`, `chmod 755 ${join(folder, action)}`));
    } else if (other !== undefined) {
      refusals.push(incomplete(`it has ${other}, which is no action`, `call it ${action}`));
    } else if (neededActions.includes(action)) {
      refusals.push(incomplete(`it has no ${action}`, `write the executable ${join(folder, action)}`));
    }
  }
  return { executables, refusals };
}

async function distrustOf(
  folder: string,
  executables: ReadonlySet<ScriptAction>,
): Promise<readonly Refusal[]> {
  const found = new Set<string>();
  for (const path of [
    folder,
    join(folder, 'kit.yaml'),
    ...[...executables].map((name) => join(folder, name)),
  ]) {
    const why = await findDistrust(path);
    if (why !== undefined) found.add(why);
  }
  return [...found].map((why) => ({
    code: 'KIT_WRITABLE',
    what: `The kit ${folder} is not run: others could change what would run as this account`,
    why,
    todo: `give it to root, and take the right to write from others: chown -R root:root ${folder}; chmod -R go-w ${folder}`,
  }));
}
