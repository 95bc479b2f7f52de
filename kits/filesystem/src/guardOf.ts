import type { KitCall } from '@holdfast/kit';
import type { Settings } from './settings.ts';

/**
 * What on the disk itself keeps a second node from mounting it: ext4 with MMP, and nothing else. Words of warning
 * where nothing does; undefined where something does, or nothing is shared.
 */
export async function guardOf(
  { settings, run, signal }: KitCall<Settings>,
  device: string,
): Promise<string | undefined> {
  const { fsType } = settings;
  const unguarded = 'nothing on the disk keeps two nodes from mounting it at once';
  if (fsType !== 'ext4') return `${unguarded}: ${fsType} has no such guard; have nodes fenced`;
  const header = await run(['dumpe2fs', '-h', device], { budgetMs: 5_000, signal });
  if (!header.ok) return `whether the disk has a guard (MMP) is not known: ${header.says}`;
  const features = /^Filesystem features:(.*)$/m.exec(header.stdout)?.[1]?.trim().split(/\s+/) ?? [];
  if (features.includes('mmp')) return undefined;
  return `${unguarded}: ext4 can, when it is turned on while it is out of service: tune2fs -O mmp ${device}`;
}
