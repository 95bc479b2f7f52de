import { failed, type KitCall, type Outcome, type RunResult } from '@holdfast/kit';
import { type Settings, wantsReadOnly } from './settings.ts';

/** Kept for mounting. */
const keptMs = 2_000;

/**
 * Lets e2fsck replay the journal and repair what it is sure of. Of 4 and more it says that a person must decide.
 * Other types replay their journal when they are mounted, and their repair tools are for a person to start.
 */
export async function checkAndRepair(
  { settings, run, signal, budgetMs }: KitCall<Settings>,
  device: string,
): Promise<Outcome | string> {
  if (!/^ext[234]$/.test(settings.fsType)) return `${settings.fsType} needs no check before it is mounted`;
  if (wantsReadOnly(settings)) return 'not checked, as it is mounted read-only';
  const withinMs = Math.max(budgetMs - keptMs, budgetMs / 2);
  const checked = await run(['e2fsck', '-p', device], { budgetMs: withinMs, signal });
  if (checked.ending === 'not-started') return 'not checked: e2fsck is not installed';
  if (checked.ending !== 'exited')
    return failed(checked.says, 'give restore more time, or run e2fsck by hand');
  const code = checked.exitCode ?? 8;
  if (code >= 4) return refuse(checked, code, device);
  // It says `recovering journal` and still ends with 0, as nothing was wrong.
  const says = checked.stdout.trim().replaceAll(/\s*\n\s*/g, '; ');
  if (code === 0) return says.includes('recovering journal') ? `e2fsck: ${says}` : 'e2fsck found it clean';
  return `e2fsck repaired it: ${says}`;
}

function refuse(checked: RunResult, code: number, device: string): Outcome {
  const words = `${checked.stdout}${checked.stderr}`.trim().replaceAll(/\s*\n\s*/g, ' ');
  // What follows those words is about a broken superblock, and would lead astray.
  const isActive = /MMP: device currently active|MMP: e2fsck being run/.exec(words);
  if (isActive !== null) {
    return failed(
      `another node has it mounted: e2fsck: ${isActive[0]}`,
      `see who: dumpe2fs -h ${device} (mmp_node_name), and take it out of service there`,
    );
  }
  if (/is in use|is mounted/.test(words)) {
    return failed(`e2fsck: exit ${code}: ${words}`, `find who uses it: lsblk ${device}; fuser -v ${device}`);
  }
  return failed(`e2fsck: exit ${code}: ${words}`, `repair it by hand: e2fsck -f ${device}`);
}
