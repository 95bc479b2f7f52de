import { copyFile, readFile, stat } from 'node:fs/promises';
import type { Configuration } from './readConfiguration.ts';

/** What a service that sees nothing but the queue directory looks names up with. */
const files = ['host.conf', 'hosts', 'localtime', 'nsswitch.conf', 'resolv.conf', 'services'] as const;

/**
 * Services in a chroot have copies of the node's files below the queue directory, which moved here from another node
 * with its disk. Those that are there and differ are copied anew; none is added. Answers their names.
 */
export async function refreshChroot({ services, queueDirectory }: Configuration): Promise<readonly string[]> {
  if (!services.some(({ isChrooted }) => isChrooted)) return [];
  const fresh: string[] = [];
  for (const name of files) {
    const copy = `${queueDirectory}/etc/${name}`;
    if ((await stat(copy).catch(() => undefined)) === undefined) continue;
    const [has, wants] = await Promise.all(
      [copy, `/etc/${name}`].map((path) => readFile(path).catch(() => undefined)),
    );
    if (wants === undefined || has?.equals(wants) === true) continue;
    await copyFile(`/etc/${name}`, copy);
    fresh.push(name);
  }
  return fresh;
}
