import { BlockList } from 'node:net';
import type { KitCall } from '@holdfast/kit';
import { askForDuplicate, type DuplicateAnswer } from './askForDuplicate.ts';
import { splitAddress } from './readAddress.ts';
import { type Links, readLinks } from './readLinks.ts';
import type { Settings } from './settings.ts';

/**
 * Asks who else has an IPv4 address while this node has it. A second device of this node on the same network answers
 * too, as the kernel answers for all its addresses on each device, and the first answer ends the question. Then it is
 * asked again from another address of this node, in a way that hears everybody, and what this node says is left out.
 */
export async function askWhoElse(
  call: KitCall<Settings>,
  device: string,
  signal: AbortSignal = call.signal,
): Promise<DuplicateAnswer> {
  const first = await askForDuplicate(call, device, signal);
  if (!first.isTaken || first.by === undefined) return first;
  const seen = await readLinks({ run: call.run, signal });
  if (typeof seen === 'string') return first;
  const ours = seen.links.map(({ hardwareAddress }) => hardwareAddress.toLowerCase());
  const isOurs = (hardware: string): boolean => ours.includes(hardware.toLowerCase());
  if (!isOurs(first.by)) return first;

  const { host } = splitAddress(call.settings.address);
  const source = anotherAddress(seen, call.settings, device);
  if (source === undefined)
    return { isTaken: false, says: 'no other host answered before another device of this node did' };
  const asked = await call.run(['arping', '-c', '1', '-s', source, '-I', device, host], {
    budgetMs: 2_500,
    killAfterMs: 100,
    signal,
  });
  const others = [...asked.stdout.matchAll(/reply from \S+ \[([^\]]+)\]/g)].map(([, hardware]) => hardware!);
  const other = others.find((hardware) => !isOurs(hardware));
  if (other === undefined) return { isTaken: false, says: 'no other host answers for it' };
  return { isTaken: true, by: other, says: `${host} is taken: ${other} answers for it` };
}

/** Of this node, on the same device and in the same subnet: others answer only to an address that they can reach. */
function anotherAddress(seen: Links, { address }: Settings, device: string): string | undefined {
  const { host, prefix } = splitAddress(address);
  const subnet = new BlockList();
  subnet.addSubnet(host, prefix, 'ipv4');
  return seen.addresses.find(
    (one) =>
      one.device === device && one.family === 'inet' && one.host !== host && subnet.check(one.host, 'ipv4'),
  )?.host;
}
