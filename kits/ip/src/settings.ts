import { z } from 'zod';
import { familyOf, readAddress, readHost, splitAddress } from './readAddress.ts';

const milliseconds = 'a number of milliseconds from 200 to 10000, or 0 to leave the question out; write 300';
const anAddress = 'an address with its prefix length is needed; write 10.77.0.50/24 or fd00:77::50/64';
const aList = 'a list of two or more addresses is needed; write [10.77.0.1, 10.77.0.2]';

const address = z.string(anAddress).transform((text, context) => {
  const read = readAddress(text);
  if (read.ok) return read.address;
  context.addIssue({ code: 'custom', message: read.wrong });
  return z.NEVER;
});

const host = z.string(aList).transform((text, context) => {
  const read = readHost(text);
  if (read.ok) return read.host;
  context.addIssue({ code: 'custom', message: read.wrong });
  return z.NEVER;
});

const device = z
  .string('a network device is needed; write eth0')
  .regex(
    /^[^\s/:]{1,15}$/,
    'a network device has 1 to 15 characters, without spaces, slashes and colons; write eth0',
  );

export const settings = z
  .strictObject({
    address: address.describe(
      'IPv4 or IPv6 address with its prefix length, such as 10.77.0.50/24 or fd00:77::50/64. At the next restore; take the resource out of service first.',
    ),
    device: device
      .optional()
      .describe(
        'The network device that carries it, such as eth0. Left out, with `devices` left out too: the one whose route leads to the address. At the next restore; take the resource out of service first.',
      ),
    devices: z
      .array(device, 'a list of devices is needed; write [eth0, eth1]')
      .refine((devices) => devices.length >= 2 && devices.length <= 8, {
        message:
          'a list of devices has two or more, and at most eight; write [eth0, eth1], or name the one as device: eth0',
      })
      .optional()
      .describe(
        'Devices that can carry it, in order of preference, such as [eth0, eth1]: the first with a carrier does, and recover moves on to the next. At the next restore.',
      ),
    label: z
      .string('a label is a word; write vip')
      .regex(/^[\w.-]{1,13}$/, 'a label is 1 to 13 letters, digits, points, dashes or underscores; write vip')
      .optional()
      .describe(
        'Shown by `ip address` as device:label, IPv4 only, 15 characters together, such as vip. At the next restore.',
      ),
    duplicateCheckMs: z
      .int(milliseconds)
      .refine((span) => span === 0 || (span >= 200 && span <= 10_000), milliseconds)
      .default(300)
      .describe(
        'Milliseconds that another host has to say that it has the address, before it is added; 0 leaves the question out. For IPv6 the kernel asks, and its own second counts. At once.',
      ),
    pingTargets: z
      .array(host, aList)
      .refine((targets) => targets.length <= 8, {
        message: 'at most eight targets are asked; write [10.77.0.1, 10.77.0.2]',
      })
      .refine((targets) => targets.length !== 1, {
        message:
          'one target alone is no proof: when it is the one that is ill, a healthy service would move. Name two or more that fail independently, such as [10.77.0.1, 10.77.0.2]',
      })
      .refine((targets) => new Set(targets).size === targets.length, {
        message: 'a target is named twice; name each once, such as [10.77.0.1, 10.77.0.2]',
      })
      .default([])
      .describe(
        'Hosts that each check pings from the address, such as [10.77.0.1, 10.77.0.2]; it has failed when none of them answers within 1 s. None: only address and link are looked at. At once.',
      ),
  })
  .superRefine((all, context) => {
    const say = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const family = familyOf(all.address);
    if (all.device !== undefined && all.devices !== undefined)
      say('devices', 'name device or devices, not both; write devices: [eth0, eth1]');
    if (all.devices !== undefined && new Set(all.devices).size !== all.devices.length)
      say('devices', 'a device is named twice; name each once, such as [eth0, eth1]');
    if (all.label !== undefined) {
      const tooLong = devicesOf(all).find((name) => `${name}:${all.label}`.length > longestLabel);
      if (family === 'inet6') say('label', 'an IPv6 address can have no label; leave it out');
      else if (tooLong !== undefined)
        say(
          'label',
          `${tooLong}:${all.label} has ${`${tooLong}:${all.label}`.length} characters, and the kernel takes ${longestLabel}; write a shorter one, such as vip`,
        );
    }
    for (const target of all.pingTargets) {
      if (target === splitAddress(all.address).host)
        say(
          'pingTargets',
          `${target} is the address itself, and always answers; name other hosts, such as [10.77.0.1, 10.77.0.2]`,
        );
      else if (familyOf(target) !== family)
        say(
          'pingTargets',
          `${target} and ${all.address} are of two families: one cannot ask the other; name hosts such as ${family === 'inet' ? '10.77.0.1' : 'fd00:77::1'}`,
        );
    }
  });
export type Settings = z.infer<typeof settings>;

/** What the kernel takes as device:label. */
export const longestLabel = 15;

/** Devices that may carry it, the best first. None: it is found by route. */
export function devicesOf({ device, devices }: Pick<Settings, 'device' | 'devices'>): readonly string[] {
  return devices ?? (device === undefined ? [] : [device]);
}
