import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { connect } from '@holdfast/client';
import type { AgentEvent } from '@holdfast/core';
import { waitUntil } from '@holdfast/kit';
import { type Lab, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const budget = { budgetMs: 20_000 };
const state = '/var/lib/holdfast';

let lab: Lab;
let node: LabNode;
let frozen: Frozen | undefined;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'state', sizeMb: 16 });
  await must(['mkdir', '-p', state]);
  await must(['mount', device, state]);
}, 60_000);

afterAll(async () => {
  await frozen?.thaw();
  await lab?.close();
}, 60_000);

test('while the disk under its own files hangs, the agent answers, and repairs what it protects', async () => {
  const agent = await startAgent(node);
  const client = connect({ socketPath: node.path('/run/holdfast/agent.sock') });
  const settings = { address: '10.77.0.50/24', device: 'eth0' };
  const applied = await client.apply({
    document: { nodes: ['alpha'], resources: { ip: { type: 'ip', settings } } },
  });
  expect(applied).toMatchObject({ ok: true });
  await must(['perform_action', '-t', 'ip', '-a', 'restore']);

  frozen = await freeze();
  await must(['ip', 'address', 'del', '10.77.0.50/24', 'dev', 'eth0']);
  const deadline = performance.now() + 20_000;
  while (!(await isThere()) && performance.now() < deadline)
    expect(await client.status()).toEqual(expect.objectContaining({ ok: true }));
  expect(await isThere()).toBe(true);

  await frozen.thaw();
  // The end of the repair is told once its state is written, which the disk held up.
  const isKept = async (): Promise<true | undefined> => {
    const kept = await client.history(0);
    const isEnd = (event: AgentEvent) => event.kind === 'step-ended' && event.action === 'recover';
    return (kept.ok && kept.value.events.some(isEnd)) || undefined;
  };
  expect(await waitUntil(isKept, { withinMs: 10_000 })).toBe(true);
  expect(await agent.stop()).toMatchObject({ exitCode: 0 });
}, 60_000);

type Frozen = Readonly<{ thaw: () => Promise<void> }>;

/**
 * What is frozen cannot be unmounted. So it is kept frozen by a process outside the node that holds on to the mount and
 * thaws it when its input ends, however this process ends.
 */
async function freeze(): Promise<Frozen> {
  const script = 'fsfreeze -f "$1" && echo frozen && { read -r _; fsfreeze -u "$1"; }';
  const argv = ['-m', '-t', String(node.pid), 'sh', '-c', script, 'sh', state];
  const guard: ChildProcessByStdio<Writable, Readable, null> = spawn('nsenter', argv, {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(guard, 'exit');
  expect(String(await once(guard.stdout, 'data'))).toBe('frozen\n');
  return {
    thaw: async () => {
      guard.stdin.end();
      await ended;
    },
  };
}

async function isThere(): Promise<boolean> {
  return (await node.run(['ip', '-brief', 'address', 'show', 'to', '10.77.0.50'], budget)).stdout !== '';
}

async function must(argv: readonly [string, ...string[]]): Promise<void> {
  expect(await node.run(argv, budget)).toMatchObject({ ok: true });
}
