import { fileURLToPath } from 'node:url';
import type { KitCall } from '../contract.ts';

export type ScriptSettings = Readonly<Record<string, unknown>>;

/** The shell library, for `. "$HOLDFAST_LIB"`. */
const shellLibrary = fileURLToPath(new URL('holdfast.sh', import.meta.url));

/** Words that Holdfast says itself; a setting may not be named so. */
export const ownVariables = [
  'HOLDFAST_ACTION',
  'HOLDFAST_TAG',
  'HOLDFAST_ID',
  'HOLDFAST_NODE',
  'HOLDFAST_EPOCH',
  'HOLDFAST_BUDGET_MS',
  'HOLDFAST_KIT',
  'HOLDFAST_LIB',
  'HOLDFAST_ROOT',
] as const;

/**
 * The name of a setting as a variable: HOLDFAST_, an underscore before each capital letter, all in capitals.
 * `dataDirectory` is HOLDFAST_DATA_DIRECTORY. No two names become one, for a name has no underscore of its own.
 */
export function variableName(setting: string): string {
  return `HOLDFAST_${setting.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** A setting that is not set is no variable; a list has a line for each value; numbers and true or false as written. */
export function settingVariables(settings: ScriptSettings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [variableName(name), asText(value)]),
  );
}

/** What an executable is told beside its settings. */
export function callVariables(
  call: Pick<KitCall<unknown>, 'tag' | 'node' | 'epoch' | 'budgetMs'>,
  given: Readonly<{ action: string; id: string; folder: string }>,
): Record<string, string> {
  return {
    HOLDFAST_ACTION: given.action,
    HOLDFAST_TAG: call.tag,
    HOLDFAST_ID: given.id,
    HOLDFAST_NODE: call.node,
    HOLDFAST_EPOCH: String(call.epoch),
    HOLDFAST_BUDGET_MS: String(call.budgetMs),
    HOLDFAST_KIT: given.folder,
    HOLDFAST_LIB: shellLibrary,
  };
}

function asText(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join('\n') : String(value);
}
