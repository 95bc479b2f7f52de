import { z } from 'zod';
import type { Kit } from '../contract.ts';

/** What no setting of any kit can be. */
const nonsense = [[{ wrong: true }]];

/** Settings that every kit must refuse: a name that it does not know, and nonsense for each name that it knows. */
export function wrongSettingsFor(
  kit: Kit,
  settings: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] {
  const names = new Set([...Object.keys(settings), ...namesIn(kit)]);
  return [{ thereIsNoSuchSetting: 1 }, ...[...names].map((name) => ({ [name]: nonsense }))];
}

/** As far as the schema can be shown. */
function namesIn(kit: Kit): readonly string[] {
  try {
    const shown = z.toJSONSchema(kit.settings, { io: 'input', unrepresentable: 'any' });
    return Object.keys(shown.properties ?? {});
  } catch {
    return [];
  }
}
