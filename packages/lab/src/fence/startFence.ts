import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { LabNode } from '../labHost.ts';
import type { Lab } from '../openLab.ts';
import { repository } from '../repository.ts';
import { startedAt } from '../startedAt.ts';
import { type FenceQuestion, fenceSocket } from './fenceSocket.ts';

/** How the power switch answers: as it should, with a refusal, or not at all. */
export type FenceMood = 'works' | 'refuses' | 'hangs';

export type FenceCall = Readonly<{ from: string; action: string; plug: string; at: number }>;

/** The power switch of a lab. It stands outside of all nodes: none can keep it from cutting its power. */
export type LabFence = Readonly<{
  /** The program to name as `agent` of a fence device; its `plug` is the name of a node. */
  agent: string;
  /** Wires a node: it can be switched off, and can ask for others to be. Again for one that comes back. */
  wire: (node: LabNode) => Promise<void>;
  behave: (mood: FenceMood) => void;
  /** Everything that was asked of it, but for its metadata. */
  calls: readonly FenceCall[];
  close: () => void;
}>;

export type FenceOptions = Readonly<{
  /** Whoever asks has to know it. */
  password?: string;
  /** Told of each node that was switched off. */
  onOff?: (name: string) => void;
  /** Switches a node on; without it, a node that is off stays off. */
  powerOn?: (name: string) => Promise<void>;
}>;

type Wired = Readonly<{ node: LabNode; bornAt: string | undefined }>;
type Answer = Readonly<{ code: number; says: string }>;

/** Starts the power switch of a lab; it ends with this process. */
export function startFence(lab: Lab, options: FenceOptions = {}): LabFence {
  const wired = new Map<string, Wired>();
  const servers = new Set<Server>();
  const calls: FenceCall[] = [];
  let mood: FenceMood = 'works';
  const isOn = (name: string): boolean => {
    const one = wired.get(name);
    return one?.bornAt !== undefined && startedAt(one.node.pid) === one.bornAt;
  };
  const switchOff = async (name: string): Promise<void> => {
    if (isOn(name)) await lab.powerCut(wired.get(name)!.node);
    options.onOff?.(name);
  };
  /** One after the other, as a switch does it. */
  let turn: Promise<unknown> = Promise.resolve();
  const answer = async ({ action, plug, password }: FenceQuestion): Promise<Answer> => {
    if (options.password !== undefined && password !== options.password)
      return { code: 1, says: `wrong password: ${password}` };
    if (mood === 'refuses') return { code: 1, says: 'the switch is out of order' };
    if (action === 'monitor') return { code: 0, says: 'the switch works' };
    if (!wired.has(plug)) return { code: 1, says: `there is no plug ${plug}` };
    if (action === 'status') return isOn(plug) ? { code: 0, says: 'on' } : { code: 2, says: 'off' };
    if (action === 'off' || action === 'reboot') await switchOff(plug);
    if (action === 'on' || action === 'reboot') await options.powerOn?.(plug);
    return { code: 0, says: `${action} of ${plug} is done` };
  };

  return {
    agent: join(repository, 'packages/lab/bin/fence_lab'),
    calls,
    behave: (how) => {
      mood = how;
    },
    wire: async (node) => {
      // An agent that is started again finds its node wired.
      if (wired.get(node.name)?.node.pid === node.pid && isOn(node.name)) return;
      wired.set(node.name, { node, bornAt: startedAt(node.pid) });
      const server = createServer({ allowHalfOpen: true }, (connection) => {
        connection.on('error', () => undefined);
        connection.once('data', (line: Buffer) => {
          const question = JSON.parse(line.toString()) as FenceQuestion;
          calls.push({ from: node.name, action: question.action, plug: question.plug, at: Date.now() });
          if (mood === 'hangs') return;
          turn = turn
            .then(() => answer(question))
            .catch((error: Error): Answer => ({ code: 1, says: error.message }))
            .then((said) => connection.end(JSON.stringify(said)));
        });
      });
      servers.add(server);
      server.unref();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(node.path(fenceSocket), resolve);
      });
    },
    close: () => {
      for (const server of servers) server.close();
    },
  };
}
