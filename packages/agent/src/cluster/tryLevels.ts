import type { FenceDevice, NodeFencing, NodeName } from '@holdfast/core';
import type { FenceAction, FenceAnswer, Fencer } from '../ports.ts';

type Given = Readonly<{
  node: NodeName;
  fencing: NodeFencing;
  fencer: Fencer;
  /** Asked before each try: may this node still do it? */
  mayGoOn: () => boolean;
  onTry: (tried: Readonly<{ device: string; level: number; action: FenceAction }> & FenceAnswer) => void;
  signal: AbortSignal;
}>;

export type Tried = Readonly<{ done: boolean; level: number; says: string }>;

/** Tries level after level until all devices of one have done it. */
export async function tryLevels(given: Given): Promise<Tried> {
  const failures: string[] = [];
  for (const [index, devices] of given.fencing.levels.entries()) {
    const level = index + 1;
    const failed = await tryLevel(given, devices, level);
    if (failed === undefined) return { done: true, level, says: `level ${level}: ${namesOf(devices)}` };
    failures.push(`level ${level}: ${failed}`);
    if (!given.mayGoOn()) break;
  }
  return { done: false, level: failures.length, says: failures.join('; ') };
}

/** Answers how it failed, or undefined when it is done. */
async function tryLevel(
  given: Given,
  devices: readonly FenceDevice[],
  level: number,
): Promise<string | undefined> {
  // A machine with two power supplies that were switched off and on one after the other never lost its power.
  const isTogether = given.fencing.action === 'reboot' && devices.length > 1;
  const action = isTogether ? 'off' : given.fencing.action;
  for (const device of devices) {
    const failed = await tryDevice(given, { device, level, action });
    if (failed !== undefined) return failed;
  }
  // That it is down is proven; whether it comes back keeps nobody waiting.
  if (isTogether) for (const device of devices) await tryDevice(given, { device, level, action: 'on' });
  return undefined;
}

async function tryDevice(
  { node, fencer, mayGoOn, onTry, signal }: Given,
  { device, level, action }: Readonly<{ device: FenceDevice; level: number; action: FenceAction }>,
): Promise<string | undefined> {
  let says = '';
  for (let attempt = 1; attempt <= device.attempts; attempt += 1) {
    if (!mayGoOn()) return 'this node has lost its right to act';
    const answer = await fencer.run({ device, action, node }, signal);
    onTry({ device: device.name, level, action, ...answer });
    if (answer.ok) return undefined;
    says = answer.says;
  }
  return `${device.name}: ${says}`;
}

function namesOf(devices: readonly FenceDevice[]): string {
  return devices.map(({ name }) => name).join(' and ');
}
