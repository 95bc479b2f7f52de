import { readFile } from 'node:fs/promises';
import type { KitCall, Readiness } from '@holdfast/kit';
import { advertiseProgram } from './advertise.ts';
import { chooseDevice } from './chooseDevice.ts';
import { findPlace, wantedLabel } from './findPlace.ts';
import { familyOf } from './readAddress.ts';
import { readLinks } from './readLinks.ts';
import { devicesOf, longestLabel, type Settings } from './settings.ts';

/** Bit 12 of a process's capabilities: may change addresses. */
const netAdmin = 1n << 12n;

/** Looks at this node alone. Asks nobody on the network: the node that has the address now would only answer. */
export async function preflight(call: KitCall<Settings>): Promise<Readiness> {
  const { settings } = call;
  if (!(await mayChangeAddresses()))
    return notReady('this process may not change addresses', 'run the agent as root, or with CAP_NET_ADMIN');
  const seen = await readLinks(call);
  if (typeof seen === 'string') return notReady(seen, 'install iproute2, which has the program ip');
  const place = findPlace(seen, settings);
  if (place.kind === 'otherwise') return notReady(place.says, place.todo);
  const choice = await chooseDevice(call, seen);
  if (!choice.ok) return notReady(choice.says, choice.todo);
  const device = choice.link.name;
  const label = wantedLabel(settings, device);
  if (label !== undefined && label.length > longestLabel)
    return notReady(
      `the label ${label} has ${label.length} characters`,
      `the kernel takes ${longestLabel}: write a shorter one`,
    );
  if (familyOf(settings.address) === 'inet6' && (await readSetting(device, 'disable_ipv6')) === '1')
    return notReady(
      `IPv6 is switched off on ${device}`,
      `switch it on: sysctl -w net/ipv6/conf/${device}/disable_ipv6=0`,
    );
  return {
    ready: true,
    evidence: `${choice.says} is up and has a carrier`,
    todo: '',
    // The further down the list, the less there is to move on to.
    rank: 100 - 10 * Math.max(0, devicesOf(settings).indexOf(device)),
    warnings: await warningsOf(call, device),
  };
}

async function warningsOf(call: KitCall<Settings>, device: string): Promise<readonly string[]> {
  const { address, devices, duplicateCheckMs, pingTargets } = call.settings;
  const isV4 = familyOf(address) === 'inet';
  const warnings: string[] = [];
  if (isV4 && !(await isInstalled(call, ['arping', '-V'])))
    warnings.push(
      'arping is not installed: nobody is asked whether the address is taken, and neighbours are not told when it moves; install iputils-arping',
    );
  if (!isV4 && !(await isInstalled(call, [advertiseProgram, '-v'])))
    warnings.push(
      `${advertiseProgram} is not installed: the kernel tells the neighbours once, and nobody tells them again`,
    );
  if (!isV4 && duplicateCheckMs > 0) {
    const isOff =
      (await readSetting(device, 'dad_transmits')) === '0' ||
      (await readSetting(device, 'accept_dad')) === '0';
    if (isOff)
      warnings.push(
        `the kernel is told not to ask on ${device} whether an address is taken (dad_transmits, accept_dad)`,
      );
  }
  if (
    devices !== undefined &&
    (await readSetting(device, 'ignore_routes_with_linkdown', isV4 ? 'ipv4' : 'ipv6')) === '0'
  )
    warnings.push(
      `when the cable of ${device} is out, the kernel goes on sending there as long as ${device} has an address of its own in the same subnet; tell it not to: sysctl -w net/${isV4 ? 'ipv4' : 'ipv6'}/conf/${device}/ignore_routes_with_linkdown=1`,
    );
  if (pingTargets.length > 0 && !(await isInstalled(call, ['ping', '-V'])))
    warnings.push('ping is not installed: the targets are not asked; install iputils-ping');
  return warnings;
}

async function isInstalled(call: KitCall<Settings>, argv: readonly [string, ...string[]]): Promise<boolean> {
  return (await call.run(argv, { budgetMs: 2_000, signal: call.signal })).ending !== 'not-started';
}

async function readSetting(
  device: string,
  name: string,
  family: 'ipv4' | 'ipv6' = 'ipv6',
): Promise<string | undefined> {
  return (
    await readFile(`/proc/sys/net/${family}/conf/${device}/${name}`, 'utf8').catch(() => undefined)
  )?.trim();
}

async function mayChangeAddresses(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1];
  return capabilities === undefined || (BigInt(`0x${capabilities}`) & netAdmin) !== 0n;
}

function notReady(evidence: string, todo: string): Readiness {
  return { ready: false, evidence, todo, rank: 0, warnings: [] };
}
