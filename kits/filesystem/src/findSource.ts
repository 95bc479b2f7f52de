import { realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { askOnce, type KitCall } from '@holdfast/kit';
import { kindOf } from './kindOf.ts';
import { mountOf, readMounts } from './readMounts.ts';
import type { Settings } from './settings.ts';

/** What the settings want mounted. */
export type Source = Readonly<{
  /** As `mount` is given it. */
  path: string;
  /** The kernel's number of the file system as in mountinfo, where it is known before it is mounted. */
  number: string | undefined;
  /** Of a folder: the part of that file system that is shown. */
  root: string | undefined;
}>;

type Call = Pick<KitCall<Settings>, 'settings' | 'run' | 'signal'>;

/** So long a device may take to say what it is. */
const answerWithinMs = 2_000;

/**
 * What the settings mean at this moment; words when it is not there. A label is looked up where udev keeps its
 * links, and asked of `blkid` where there is no udev.
 */
export async function findSource(call: Call): Promise<Source | string> {
  const { settings } = call;
  switch (kindOf(settings.fsType)) {
    case 'block':
      return findDevice(call);
    case 'folder':
      return findFolder(call);
    case 'network':
    case 'memory':
      return { path: settings.device, number: undefined, root: undefined };
  }
}

async function findDevice(call: Call): Promise<Source | string> {
  const { device } = call.settings;
  const path = device.startsWith('/') ? device : ((await byUdev(device)) ?? (await byBlkid(call)));
  if (path === undefined) return `no device has ${device}`;
  const status = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (status instanceof Error) return `${path}: ${status.code ?? status.message}`;
  if (!status.isBlockDevice()) return `${path} is not a block device`;
  return { path, number: numberOf(status.rdev), root: undefined };
}

async function findFolder({ settings, signal }: Call): Promise<Source | string> {
  const { device } = settings;
  const look = async (): Promise<{ folder: string } | { refusal: string }> => {
    try {
      const folder = await realpath(device);
      return (await stat(folder)).isDirectory() ? { folder } : { refusal: `${device} is not a folder` };
    } catch (error) {
      return { refusal: `${device}: ${(error as NodeJS.ErrnoException).code}` };
    }
  };
  const found = await askOnce(`folder ${device}`, look, { withinMs: answerWithinMs, signal });
  if (found === undefined) return `${device} does not answer`;
  if ('refusal' in found) return found.refusal;
  const { folder } = found;
  const under = mountOf(folder, await readMounts());
  if (under === undefined) return `${device} is on no mount`;
  return { path: folder, number: under.device, root: join(under.root, relative(under.mountPoint, folder)) };
}

/** As the C library splits it: the low bits of each half stand where they stood when numbers had 16 bits. */
function numberOf(rdev: number): string {
  const wide = BigInt(rdev);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & ~0xfffn);
  const minor = (wide & 0xffn) | ((wide >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

async function byUdev(device: string): Promise<string | undefined> {
  const [kind, name] = splitName(device);
  const folder = kind === 'LABEL' ? 'by-label' : 'by-uuid';
  // udev writes what a file name may not have as \xNN; such a label is left to blkid.
  return realpath(`/dev/disk/${folder}/${name}`).catch(() => undefined);
}

async function byBlkid({ settings, run, signal }: Call): Promise<string | undefined> {
  const [kind, name] = splitName(settings.device);
  // Without its cache: another node may have made the label a moment ago.
  const option = kind === 'LABEL' ? '-L' : '-U';
  const found = await run(['blkid', '-c', '/dev/null', option, name], { budgetMs: 4_000, signal });
  return found.ok ? found.stdout.trim() : undefined;
}

function splitName(device: string): [string, string] {
  const at = device.indexOf('=');
  return [device.slice(0, at), device.slice(at + 1)];
}
