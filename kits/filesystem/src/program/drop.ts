import { access, readdir, readFile } from 'node:fs/promises';
import { findHolders, type Processes } from '../findHolders.ts';
import { type Mount, readMounts, withAllAbove } from '../readMounts.ts';

/**
 * Drops a mount at once, without the agent: `drop.ts DEVICE-NUMBER PLACE here|everywhere kill|spare`. KILL to those
 * who hold it, and once they are gone a plain unmount, whose exit code is the program's. Never lazily.
 *
 * It has less than a second, so it loads nothing but what it needs, and becomes `umount` instead of starting it.
 */
const [device, place, where, kill] = process.argv.slice(2) as [string, string, string, string];
const goneWithinMs = 400;

const isOwn = (mount: Mount): boolean =>
  mount.device === device && (where === 'everywhere' || mount.mountPoint === place);

/** As the kit's package reads them. */
const processes: Processes = {
  listPids: async () => (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number),
  readProcess: async (pid) => {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const close = text.lastIndexOf(')');
    const [state, parent] = text.slice(close + 2).split(' ');
    if (close < 0 || state === 'Z' || state === 'X') return undefined;
    const startedAt = text.slice(close + 2).split(' ')[19]!;
    return {
      pid,
      startedAt,
      parent: Number(parent),
      state: state!,
      name: text.slice(text.indexOf('(') + 1, close),
    };
  },
  // The keeper ends this program when its time is over: nothing here needs a limit of its own.
  askOnce: (_question, ask) => ask(),
};

const begunAt = performance.now();
for (let areGone = false; !areGone; ) {
  const mounts = await readMounts();
  const { holders } = await findHolders(withAllAbove(mounts.filter(isOwn), mounts), isOwn, processes);
  const ended = holders.filter(({ isSpared }) => kill === 'kill' && !isSpared);
  for (const { process: holder } of ended) signal(holder.pid);
  areGone = ended.length === 0 || performance.now() - begunAt > goneWithinMs;
}
const mounts = await readMounts();
const places = withAllAbove(mounts.filter(isOwn), mounts).map(({ mountPoint }) => mountPoint);
if (places.length > 0) {
  const umount = await access('/usr/bin/umount').then(
    () => '/usr/bin/umount',
    () => '/bin/umount',
  );
  process.execve!(umount, ['umount', '--', ...places], {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
  });
}

/** It was seen a moment ago; in that time its number is not given to another. */
function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, which is what was wanted.
  }
}
