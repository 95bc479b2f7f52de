import { readdirSync, readFileSync } from 'node:fs';
import { run } from '@holdfast/kit';
import { LabError } from './labError.ts';
import { type LabHost, must } from './labHost.ts';
import { startedAt } from './startedAt.ts';

export type DiskOptions = Readonly<{
  name: string;
  sizeMb: number;
  /** ext4 when left out. */
  fsType?: 'ext4' | 'xfs';
  /** All loop devices are seen by all nodes of all labs: choose one that no other lab uses. None when left out. */
  label?: string;
}>;

const stepBudgetMs = 30_000;

/**
 * Makes a disk that every node of the lab can mount: a sparse file in the hub's memory, behind a loop device. A
 * process in the hub keeps the device open, and it is marked to be freed when it is closed: so the kernel frees it
 * once the lab and its mounts are gone.
 */
export async function attachDisk(hub: LabHost, options: DiskOptions): Promise<string> {
  const { name, sizeMb } = options;
  const image = `/run/lab/${imageName(hub.pid, name)}`;
  await must(hub, ['truncate', '-s', `${sizeMb}M`, image], { budgetMs: stepBudgetMs });
  const attached = await hub.run(['losetup', '--find', '--show', image], { budgetMs: stepBudgetMs });
  if (!attached.ok) {
    throw new LabError({
      what: `The disk ${name} could not be attached.`,
      why: attached.says,
      todo: 'use a kernel with loop devices, and free some when all are in use: losetup -a',
      cause: attached,
    });
  }
  const device = attached.stdout.trim();
  // While somebody has the device open, `losetup -d` only marks it to be freed at the last close.
  const holdOpen = 'exec 3<"$1"; setsid --fork sleep infinity <&- >&- 2>&-; exec losetup -d "$1"';
  await must(hub, ['sh', '-c', holdOpen, 'sh', device], { budgetMs: stepBudgetMs });
  const made = await hub.run(makeFileSystem(options, device), { budgetMs: 60_000 });
  if (!made.ok) {
    throw new LabError({
      what: `No ${options.fsType ?? 'ext4'} file system could be made on the disk ${name}.`,
      why: made.says,
      todo: 'install what is missing with: node packages/lab/setup.js',
      cause: made,
    });
  }
  return device;
}

/** The loop devices of labs that are gone. Frees them; one that is in use is freed at its last close. */
export async function freeLostDisks(): Promise<void> {
  for (const { device, hubPid, hubStartedAt } of labDisks()) {
    if (startedAt(hubPid) === hubStartedAt) continue;
    await run(['losetup', '-d', device], { budgetMs: stepBudgetMs });
  }
}

/** True while the kernel still has a disk of the hub with this pid. */
export function hasDisksOf(hubPid: number): boolean {
  return labDisks().some((disk) => disk.hubPid === hubPid);
}

/** The devices of the disks of one lab. */
export function disksOf(hubPid: number): readonly string[] {
  return labDisks()
    .filter((disk) => disk.hubPid === hubPid)
    .map(({ device }) => device);
}

/** The file's name says whose it is, so that any later lab can tell whether that lab still lives. */
function imageName(hubPid: number, name: string): string {
  return `holdfast-lab-${hubPid}-${startedAt(hubPid)}-${name}.img`;
}

type LabDisk = Readonly<{ device: string; hubPid: number; hubStartedAt: string }>;

function labDisks(): LabDisk[] {
  return readdirSync('/sys/block')
    .filter((block) => block.startsWith('loop'))
    .flatMap((block) => {
      const named = /\/holdfast-lab-(\d+)-(\d+)-/.exec(backingFile(block));
      return named === null
        ? []
        : [{ device: `/dev/${block}`, hubPid: Number(named[1]), hubStartedAt: named[2]! }];
    });
}

function backingFile(block: string): string {
  try {
    return readFileSync(`/sys/block/${block}/loop/backing_file`, 'utf8');
  } catch {
    return ''; // A device without a file has no such attribute, and one may lose it while we look.
  }
}

function makeFileSystem({ fsType, label }: DiskOptions, device: string): [string, ...string[]] {
  const named = label === undefined ? [] : ['-L', label];
  if (fsType === 'xfs') return ['mkfs.xfs', '-q', '-K', ...named, device];
  return ['mkfs.ext4', '-q', '-E', 'lazy_itable_init=1,lazy_journal_init=1,nodiscard', ...named, device];
}
