import { realpath, stat } from 'node:fs/promises';
import type { KitCall } from '@holdfast/kit';
import type { Settings } from './settings.ts';

export type Device = Readonly<{
  path: string;
  /** The kernel's number of it, as in mountinfo. */
  number: string;
}>;

/**
 * The block device that the settings mean at this moment; words when there is none. A label is looked up where udev
 * keeps its links, and asked of `blkid` where there is no udev.
 */
export async function findDevice(
  call: Pick<KitCall<Settings>, 'settings' | 'run' | 'signal'>,
): Promise<Device | string> {
  const { device } = call.settings;
  const path = device.startsWith('/') ? device : ((await byUdev(device)) ?? (await byBlkid(call)));
  if (path === undefined) return `no device has ${device}`;
  const status = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (status instanceof Error) return `${path}: ${status.code ?? status.message}`;
  if (!status.isBlockDevice()) return `${path} is not a block device`;
  return { path, number: numberOf(status.rdev) };
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

async function byBlkid(
  call: Pick<KitCall<Settings>, 'settings' | 'run' | 'signal'>,
): Promise<string | undefined> {
  const [kind, name] = splitName(call.settings.device);
  // Without its cache: another node may have made the label a moment ago.
  const option = kind === 'LABEL' ? '-L' : '-U';
  const found = await call.run(['blkid', '-c', '/dev/null', option, name], {
    budgetMs: 4_000,
    signal: call.signal,
  });
  return found.ok ? found.stdout.trim() : undefined;
}

function splitName(device: string): [string, string] {
  const at = device.indexOf('=');
  return [device.slice(0, at), device.slice(at + 1)];
}
