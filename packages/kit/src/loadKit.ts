import { pathToFileURL } from 'node:url';
import type { Kit } from './contract.ts';
import { type FoundKit, findKit } from './findKit.ts';
import { judgeContract } from './judgeContract.ts';
import { judgeKit } from './judgeKit.ts';
import type { KitRefusal } from './kitRefusal.ts';
import { readManifest } from './readManifest.ts';
import { openScriptKit } from './script/openScriptKit.ts';

export type LoadedKit =
  | Readonly<{ ok: true; kit: Kit }>
  | Readonly<{ ok: false; refusals: readonly KitRefusal[] }>;

/** Finds a kit and loads it into this thread; see `findKit` for what a name may be. */
export async function loadKit(name: string, options: { from?: string } = {}): Promise<LoadedKit> {
  const finding = findKit(name, options);
  return finding.ok ? loadFoundKit(finding.found) : finding;
}

/**
 * Loads a kit that was found, and answers everything that is wrong with it at once. What can be told without running
 * its code is told first. Never throws for what the kit's code throws; but a kit that hangs while it is loaded hangs
 * its thread. A script kit has no code that could: it is read, and starts programs.
 */
export async function loadFoundKit(found: FoundKit): Promise<LoadedKit> {
  const { name, folder, entry } = found;
  if (found.isScript) return openScriptKit(folder);
  const refusals = refuseUnread(found);
  if (refusals.length > 0) return { ok: false, refusals };
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
  } catch (error) {
    return {
      ok: false,
      refusals: [
        {
          code: 'KIT_BROKEN',
          what: `The kit ${name} cannot be loaded`,
          why: error instanceof Error ? error.message : String(error),
          todo: `correct ${entry}, or what ${folder} depends on`,
        },
      ],
    };
  }
  const candidate = loaded.kit ?? loaded.default;
  const faults = judgeKit(name, candidate);
  return faults.length === 0 ? { ok: true, kit: candidate as Kit } : { ok: false, refusals: faults };
}

/** What can be refused before any of its code runs. */
function refuseUnread({ name, folder }: FoundKit): readonly KitRefusal[] {
  const { holdfast } = readManifest(folder) ?? {};
  const contract = (holdfast as { contract?: unknown } | undefined)?.contract;
  return contract === undefined ? [] : judgeContract(name, contract);
}
