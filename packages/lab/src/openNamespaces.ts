import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Started, start } from '@holdfast/kit';
import { isHidden, mountsToRepeat, readMountInfo } from './hostMounts.ts';
import { LabError } from './labError.ts';
import { pidSpace, signalAll } from './pidSpace.ts';
import { repository } from './repository.ts';
import { startedAt } from './startedAt.ts';
import { waitUntil } from './waitUntil.ts';

/** What the namespaces live by: our standard-input pipe, the fifo of a hub, or nothing but their first process. */
export type Lifeline = 'input' | 'none' | `/proc/${string}`;

/** A set of namespaces with a first process; when that ends, everything in them ends. */
export type Namespaces = Readonly<{
  /** The first process, as this machine sees it. */
  pid: number;
  /** Ends the first process and waits until it is gone, within a bound. */
  end: () => Promise<void>;
}>;

const readyWithinMs = 15_000;
const firstSystemd = fileURLToPath(new URL('firstSystemd.sh', import.meta.url));
const firstProcess = fileURLToPath(new URL('firstProcess.sh', import.meta.url));
const unshare = ['unshare', '--net', '--mount', '--pid', '--uts', '--ipc'];

/**
 * Opens a set of namespaces that looks like this machine, with every write private to it.
 *
 *   this process --pipe--> first process of the hub --fifo--> first process of each node
 *
 * The kernel closes a pipe in whichever way its holder ends, so nothing is left behind by construction. Unless the
 * lab is kept, the kernel also kills `unshare` with us, and it takes the first process along.
 */
export async function openNamespaces(
  options: Readonly<{
    name: string;
    lifeline: Lifeline;
    keep: boolean;
    /** Its first process is systemd, in a cgroup of this name. */
    systemdIn?: string;
  }>,
): Promise<Namespaces> {
  const { name, lifeline, keep, systemdIn } = options;
  const mounts = readMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  const hidden = isHidden(repository, mounts) ? repository : '';
  const systemd = systemdIn === undefined ? ['', ''] : [firstSystemd, systemdIn];
  const words = [name, lifeline, hidden, ...systemd, ...mountsToRepeat(mounts)];
  // setsid is forked from us no more: nothing kills its child with us, and nobody waits for it with our pipes open.
  const fork = keep ? ['setsid', '--fork'] : ['--fork', '--kill-child'];
  const argv = [...unshare, ...fork, 'sh', firstProcess, ...words];
  const { pid, started } = await startFirstProcess(name, argv, lifeline, keep);
  const identity = startedAt(pid);
  const isAlive = (): boolean => identity !== undefined && startedAt(pid) === identity;
  return {
    pid,
    end: async () => {
      const waysIn = isAlive() ? pidSpace(pid).waysIn : [];
      if (isAlive()) killGone(pid);
      // `nsenter` stops when its program is stopped, and then nobody would take note that the program has ended.
      signalAll(waysIn, 'SIGCONT');
      await waitUntil(() => !isAlive(), 5_000);
      await started.ended;
    },
  };
}

/** It may end by itself between the look and the signal; then there is nothing left to do. */
function killGone(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function startFirstProcess(
  name: string,
  argv: readonly string[],
  lifeline: Lifeline,
  keep: boolean,
): Promise<Readonly<{ pid: number; started: Started }>> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      started.kill('SIGKILL');
      reject(
        new LabError({
          what: `The namespaces of ${name} could not be opened.`,
          why,
          todo: 'run as root where namespaces, overlay mounts and veth links are allowed',
        }),
      );
    };
    const timer = setTimeout(
      () => fail(`not ready after ${readyWithinMs} ms; said: ${said.trim()}`),
      readyWithinMs,
    );
    const started = start(argv as [string, ...string[]], {
      keepInputOpen: lifeline === 'input',
      onOutput: (text) => {
        said += text;
        const ready = /^ready (\d+)$/m.exec(said);
        if (ready !== null) {
          clearTimeout(timer);
          resolve({ pid: Number(ready[1]), started });
        } else if (/^failed$/m.test(said)) fail(said.trim());
      },
    });
    // A detached start ends at once, and says nothing about the namespaces.
    started.ended.then((ended) => {
      if (!keep || ended.exitCode !== 0) fail((ended.startError ?? `${said}${ended.stderr}`).trim());
    });
  });
}
