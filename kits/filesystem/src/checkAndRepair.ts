import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Device } from './findDevice.ts';
import { type Settings, wantsReadOnly } from './settings.ts';

/**
 * Lets e2fsck replay the journal and repair what it is sure of. Of 4 and more it says that a person must decide.
 * Other types replay their journal when they are mounted, and their repair tools are for a person to start.
 */
export async function checkAndRepair(
  { settings, run, signal, budgetMs }: KitCall<Settings>,
  device: Device,
): Promise<Outcome | string> {
  if (!/^ext[234]$/.test(settings.fsType)) return `${settings.fsType} needs no check before it is mounted`;
  if (wantsReadOnly(settings)) return 'not checked, as it is mounted read-only';
  const checked = await run(['e2fsck', '-p', device.path], { budgetMs, signal });
  if (checked.ending === 'not-started') return 'not checked: e2fsck is not installed';
  if (checked.ending !== 'exited')
    return failed(checked.says, 'give restore more time, or run e2fsck by hand');
  const code = checked.exitCode ?? 8;
  if (code >= 4) {
    const words = `${checked.stdout}${checked.stderr}`.trim().replaceAll(/\s*\n\s*/g, ' ');
    return failed(`e2fsck: exit ${code}: ${words}`, `repair it by hand: e2fsck -f ${device.path}`);
  }
  return code === 0
    ? 'e2fsck found it clean'
    : `e2fsck repaired it: ${checked.stdout.trim().split('\n').at(-1)}`;
}
