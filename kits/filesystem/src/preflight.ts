import { access, constants, readdir, readFile } from 'node:fs/promises';
import type { KitCall, Readiness } from '@holdfast/kit';
import { findDoubleManagement } from './findDoubleManagement.ts';
import { guardOf } from './guardOf.ts';
import { look, type Sight } from './look.ts';
import { sayHidden } from './makeMountPoint.ts';
import { sayMount } from './readMounts.ts';
import type { Settings } from './settings.ts';

/** A finding of one of its looks: what is in the way, or what is worth knowing. */
type Look = Readonly<{ obstacle: string; todo: string } | { warning: string } | { says: string }>;

/** Whether this node could mount it. Reads the device's header and nothing else of it. */
export async function preflight(call: KitCall<Settings>): Promise<Readiness> {
  const sight = await look(call);
  const looks = [
    ...(await atDevice(call, sight)),
    ...(await atPrograms(call, sight)),
    ...(await atPlace(call, sight)),
    ...(await atBoot(call, sight)),
  ];
  const obstacles = looks.filter((one) => 'obstacle' in one);
  const says = looks.filter((one) => 'says' in one).map((one) => one.says);
  return {
    ready: obstacles.length === 0,
    evidence: [...obstacles.map(({ obstacle }) => obstacle), ...says].join('; '),
    todo: obstacles.map(({ todo }) => todo).join('; '),
    rank: obstacles.length === 0 ? 100 : 0,
    warnings: looks.filter((one) => 'warning' in one).map((one) => one.warning),
  };
}

async function atDevice(call: KitCall<Settings>, { kind, source }: Sight): Promise<readonly Look[]> {
  const { settings, run, signal } = call;
  if (typeof source === 'string') {
    return [{ obstacle: source, todo: 'attach it to this node, or correct the device' }];
  }
  switch (kind) {
    case 'block': {
      const type = await run(['blkid', '-p', '-o', 'value', '-s', 'TYPE', source.path], {
        budgetMs: 5_000,
        signal,
      });
      const found = type.stdout.trim();
      if (type.ok && found !== settings.fsType) {
        const obstacle = `${source.path} holds ${found || 'no file system'}, not ${settings.fsType}`;
        return [{ obstacle, todo: 'correct fsType, or the device' }];
      }
      const read = type.ok
        ? { says: `${source.path} holds ${found}` }
        : { warning: `what ${source.path} holds was not read: ${type.says}` };
      const unguarded = await guardOf(call, source.path);
      return unguarded === undefined
        ? [read, { says: 'MMP guards it against a second mount' }]
        : [read, { warning: unguarded }];
    }
    case 'memory':
      return [
        { says: 'it is made in memory' },
        { warning: 'what is written to it is gone when it is removed' },
      ];
    case 'folder':
      return [{ says: `${source.path} is a folder` }];
    case 'network':
      return [{ says: `${source.path} is asked for when it is mounted` }];
  }
}

async function atPrograms(
  { settings, run, signal }: KitCall<Settings>,
  { kind }: Sight,
): Promise<readonly Look[]> {
  const { fsType } = settings;
  const looks: Look[] = [];
  for (const program of ['mount', 'umount']) {
    if (!(await isInstalled(program))) {
      looks.push({ obstacle: `there is no program ${program}`, todo: 'install util-linux' });
    }
  }
  if (/^ext[234]$/.test(fsType) && !(await isInstalled('e2fsck'))) {
    looks.push({ warning: 'e2fsck is not installed: nothing is repaired before it is mounted' });
  }
  if (kind === 'network' && !(await isInstalled(`mount.${fsType}`))) {
    looks.push({ obstacle: `there is no program mount.${fsType}`, todo: 'install nfs-common or nfs-utils' });
  }
  if (kind === 'folder') return looks;
  const known = await readFile('/proc/filesystems', 'utf8');
  if (known.split('\n').some((line) => line.split('\t').at(-1) === fsType)) {
    return [...looks, { says: `the kernel knows ${fsType}` }];
  }
  const module = await run(['modprobe', '--dry-run', '--quiet', `fs-${fsType}`], { budgetMs: 5_000, signal });
  if (module.ok) return [...looks, { says: `the kernel has a module for ${fsType}` }];
  const obstacle = `the kernel knows no ${fsType}, and has no module for it`;
  return [...looks, { obstacle, todo: 'install the module, or correct fsType' }];
}

async function atPlace({ settings }: KitCall<Settings>, sight: Sight): Promise<readonly Look[]> {
  const { place, top, isOurs, elsewhere, below } = sight;
  if (isOurs) return [{ says: `it is mounted on ${place}` }];
  if (top !== undefined) {
    return [{ obstacle: `${sayMount(top)} is mounted there`, todo: `umount ${place}` }];
  }
  const inTheWay = [...elsewhere, ...below];
  if (inTheWay.length > 0) {
    const obstacle = `${inTheWay.map(sayMount).join(', ')} is in the way`;
    return [{ obstacle, todo: `umount ${inTheWay.at(-1)!.mountPoint}` }];
  }
  const names = await readdir(place).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
  if (names === 'ENOENT') {
    return settings.createMountPoint
      ? [{ says: `${place} is made when it is needed` }]
      : [{ obstacle: `there is no ${place}`, todo: `mkdir -p ${place}` }];
  }
  if (typeof names === 'string') return [{ obstacle: `${place}: ${names}`, todo: 'correct the mount point' }];
  if (names.length === 0) return [{ says: `${place} is free` }];
  const says = sayHidden(place, names);
  return settings.requireEmptyMountPoint
    ? [{ obstacle: says, todo: `move what is in ${place} elsewhere` }]
    : [{ warning: says }];
}

async function atBoot({ settings }: KitCall<Settings>, sight: Sight): Promise<readonly Look[]> {
  return (await findDoubleManagement(settings, sight)).map((who) => ({
    obstacle: `it is mounted at boot by somebody else as well: ${who}`,
    todo: 'add noauto to the line in fstab, or disable the unit',
  }));
}

/** Where every program of ours is looked for. */
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

async function isInstalled(program: string): Promise<boolean> {
  const found = await Promise.all(
    folders.map((folder) =>
      access(`${folder}/${program}`, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
