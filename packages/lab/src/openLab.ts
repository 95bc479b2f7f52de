import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attachDisk, type DiskOptions, freeLostDisks, hasDisksOf } from './disk.ts';
import { LabError } from './labError.ts';
import { type LabHost, type LabNode, labHost, must } from './labHost.ts';
import { lan, layLan, plugIn, portOf } from './lan.ts';
import { type Lifeline, type Namespaces, openNamespaces } from './openNamespaces.ts';
import { pidSpace, signalAll } from './pidSpace.ts';
import { powerCut } from './powerCut.ts';
import { repository } from './repository.ts';
import { cgroupOf, removeCgroupsOf, removeLostCgroups } from './systemdCgroups.ts';
import { waitForSystemd } from './waitForSystemd.ts';
import { waitUntil } from './waitUntil.ts';

export type NodeOptions = Readonly<{
  name: string;
  address: string;
  /** Its first process is a real systemd, with D-Bus and a journal; it takes a second or two. */
  systemd?: boolean;
}>;

/** `resume` lets them go on, and answers how many there still were. */
export type Frozen = Readonly<{ resume: () => number }>;

/** A cluster on this machine: nodes and a client on one network, and disks that all nodes can mount. */
export type Lab = Readonly<{
  /** Everybody else on the network, at 10.77.0.1. The disks are here too. */
  client: LabHost;
  addNode: (options: NodeOptions) => Promise<LabNode>;
  /** Link down, file systems stopped unflushed, everything ended. A node of the same name may be added afterwards. */
  powerCut: (node: LabNode) => Promise<void>;
  /** Takes the cable of a node out, or puts it in again. */
  plug: (node: LabNode, cable: 'in' | 'out') => Promise<void>;
  /** Stops every process of a node at once, as a hang of the whole machine; its links stay up. */
  freeze: (node: LabNode) => Frozen;
  addDisk: (options: DiskOptions) => Promise<Readonly<{ device: string }>>;
  /** Ends every process of the lab and waits until the kernel has released what they held. May be called again. */
  close: () => Promise<void>;
  /** What a person types to end a lab that was kept. */
  closeCommand: string;
}>;

/**
 * Opens a lab. It ends with this process, in whichever way this process ends; with `keep` it lives until it is
 * closed or its first process is killed.
 */
export async function openLab(options: Readonly<{ keep?: boolean }> = {}): Promise<Lab> {
  const keep = options.keep ?? false;
  refuseWithoutRoot();
  await freeLostDisks();
  await removeLostCgroups();

  const opened: Namespaces[] = [];
  const names = new Map<string, string>();
  const openHost = async (name: string, lifeline: Lifeline, systemdIn?: string): Promise<LabHost> => {
    const inSystemd = systemdIn === undefined ? {} : { systemdIn };
    const namespaces = await openNamespaces({ name, lifeline, keep, ...inSystemd });
    opened.push(namespaces);
    const host = labHost(name, namespaces.pid);
    await offerCommands(host);
    return host;
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeAll(opened);
    return closing;
  };

  try {
    const client = await openHost('client', keep ? 'none' : 'input');
    names.set('client', lan.client);
    await layLan(client);
    return {
      client,
      close,
      closeCommand: `kill -9 ${client.pid}`,
      addNode: async ({ name, address, systemd = false }) => {
        const [host] = address.split('/') as [string];
        refuseTaken(names, name, host);
        names.set(name, host);
        const lifeline = `/proc/${client.pid}/root/run/lab/lifeline` as const;
        const node = await openHost(name, lifeline, systemd ? cgroupOf(client.pid, name) : undefined);
        if (systemd) await waitForSystemd(node);
        await plugIn(client, node, host);
        return { ...node, device: 'eth0', address: host };
      },
      powerCut: async (node) => {
        const namespaces = opened.find(({ pid }) => pid === node.pid);
        if (namespaces === undefined) throw new Error(`${node.name} is no node of this lab`);
        await powerCut(client, node, namespaces.end);
        names.delete(node.name);
      },
      plug: async (node, cable) => {
        const state = cable === 'in' ? 'up' : 'down';
        await must(client, ['ip', 'link', 'set', portOf(node), state], { budgetMs: 10_000 });
      },
      freeze: ({ pid }) => {
        signalAll(pidSpace(pid).inside, 'SIGSTOP');
        return {
          resume: () => {
            const { inside, waysIn } = pidSpace(pid);
            // The ways in have stopped with what they lead to.
            signalAll([...inside, ...waysIn], 'SIGCONT');
            return inside.length;
          },
        };
      },
      addDisk: async (disk) => ({ device: await attachDisk(client, disk) }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The hub goes first: the nodes live by it, and end at the same time. */
async function closeAll(opened: readonly Namespaces[]): Promise<void> {
  await Promise.all(opened.map((namespaces) => namespaces.end()));
  const [hub] = opened;
  if (hub === undefined) return;
  await removeCgroupsOf(hub.pid);
  if (await waitUntil(() => !hasDisksOf(hub.pid), 5_000)) return;
  throw new LabError({
    what: 'The lab is closed, but the kernel still holds a disk of it.',
    why: `a loop device has a file named holdfast-lab-${hub.pid}-…`,
    todo: 'look for who has it mounted or open: losetup -a',
  });
}

/** Links the commands of this checkout to where every PATH looks, so that they are typed as an operator would. */
async function offerCommands(host: LabHost): Promise<void> {
  const folder = join(repository, 'packages/cli/bin');
  if (!existsSync(folder)) return;
  const commands = (await readdir(folder)).map((command) => join(folder, command));
  if (commands.length === 0) return;
  await must(host, ['ln', '-sf', '-t', '/usr/local/bin', ...commands], { budgetMs: 10_000 });
}

function refuseWithoutRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LabError({
    what: 'The lab needs root: its nodes are sets of kernel namespaces with mounts and network links.',
    why: `this process runs as user ${process.getuid?.() ?? 'unknown'}`,
    todo: 'run the same command as root, or with sudo',
  });
}

function refuseTaken(names: ReadonlyMap<string, string>, name: string, address: string): void {
  const holder = [...names].find(([takenName, taken]) => takenName === name || taken === address);
  if (holder === undefined) return;
  throw new LabError({
    what: `The lab can not have another node ${name} at ${address}.`,
    why: `${holder[0]} at ${holder[1]} is in it`,
    todo: 'give each node a name and an address of its own',
  });
}
