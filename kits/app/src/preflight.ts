import type { KitCall, Readiness } from '@holdfast/kit';
import { findFault } from './findFault.ts';
import type { ScriptName, Settings } from './settings.ts';

const names: readonly ScriptName[] = ['restore', 'remove', 'quickCheck', 'recover'];

/** Are the configured scripts on this node, and safe to run? */
export async function preflight({ settings }: KitCall<Settings>): Promise<Readiness> {
  const given = names.flatMap((name) => (settings[name] === undefined ? [] : [settings[name]]));
  const faults = (await Promise.all(given.map(findFault))).filter((fault) => fault !== undefined);
  const warnings =
    settings.quickCheck === undefined
      ? ['there is no quickCheck: once restored it is taken for healthy']
      : [];
  return faults.length === 0
    ? { ready: true, evidence: `${given.length} scripts are as configured`, todo: '', rank: 100, warnings }
    : {
        ready: false,
        evidence: faults.join('; '),
        todo: 'bring the configured scripts there, with root as their owner and mode 755',
        rank: 0,
        warnings,
      };
}
