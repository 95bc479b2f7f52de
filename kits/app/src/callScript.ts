import { dirname } from 'node:path';
import { type KitCall, runScript, type ScriptEnd } from '@holdfast/kit';
import { findFault } from './findFault.ts';
import { idOf, type ScriptName, type Settings } from './settings.ts';

export type Called =
  | Readonly<{ ran: true; end: ScriptEnd; evidence: string }>
  | Readonly<{ ran: false; evidence: string }>;

/** Runs one of the scripts, if it is the one that was configured. */
export async function callScript(call: KitCall<Settings>, name: ScriptName): Promise<Called> {
  const given = call.settings[name]!;
  const fault = await findFault(given);
  if (fault !== undefined) return { ran: false, evidence: fault };
  const { info } = call.settings;
  const end = await runScript(call, {
    path: given.path,
    action: name,
    id: idOf(call.settings),
    folder: dirname(given.path),
    variables: info === undefined ? {} : { HOLDFAST_INFO: info },
    secretFiles: new Map(),
  });
  if (end.ending === 'not-started') return { ran: false, evidence: end.says };
  const evidence = end.said.evidence === '' ? end.says : `${end.says}: ${end.said.evidence}`;
  return { ran: true, end, evidence };
}
