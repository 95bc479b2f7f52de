import { isIPv4, isIPv6, SocketAddress } from 'node:net';

export type Family = 'inet' | 'inet6';

type ReadAddress = Readonly<{ ok: true; address: string }> | Readonly<{ ok: false; wrong: string }>;
type ReadHost = Readonly<{ ok: true; host: string }> | Readonly<{ ok: false; wrong: string }>;

/**
 * An address with its prefix length in the one form in which the kernel writes it, so that two ways of writing an IPv6
 * address are known to be one; or what is wrong with it, with an example.
 */
export function readAddress(text: string): ReadAddress {
  const wrong = (says: string): ReadAddress => ({ ok: false, wrong: says });
  const [written = '', prefixText, ...rest] = text.split('/');
  const read = readHost(written);
  if (!read.ok) {
    const isForm = !isIPv4(written) && !isIPv6(written);
    return wrong(
      isForm
        ? `${text} is not an address with a prefix length; write 10.77.0.50/24 or fd00:77::50/64`
        : read.wrong,
    );
  }
  const { host } = read;
  const isV4 = isIPv4(host);
  if (prefixText === undefined) return wrong(`${text} has no prefix length; write ${host}/${isV4 ? 24 : 64}`);
  const longest = isV4 ? 32 : 128;
  const prefix = Number(prefixText);
  if (rest.length > 0 || !/^[1-9]\d{0,2}$/.test(prefixText) || prefix > longest) {
    return wrong(
      `the prefix length of ${text} is not a number from 1 to ${longest}; write ${host}/${isV4 ? 24 : 64}`,
    );
  }
  const role = isV4 ? roleInSubnet(host, prefix) : undefined;
  if (role !== undefined)
    return wrong(`${host} is ${role} of its subnet and not a host's; write an address such as 10.77.0.50/24`);
  return { ok: true, address: `${host}/${prefix}` };
}

/** The address of another host, in the kernel's form. */
export function readHost(text: string): ReadHost {
  if (isIPv4(text)) {
    const first = Number(text.split('.')[0]);
    if (first !== 0 && first !== 127 && first < 224) return { ok: true, host: text };
    return { ok: false, wrong: `${text} can not be an address of a host; write one such as 10.77.0.50` };
  }
  if (!isIPv6(text) || text.includes('%'))
    return { ok: false, wrong: `${text} is not an address; write 10.77.0.50 or fd00:77::50` };
  const host = new SocketAddress({ address: text, family: 'ipv6' }).address;
  if (/^f[ef][89ab]/.test(host) && host.startsWith('fe'))
    return {
      ok: false,
      wrong: `${text} is valid on one link only, and every device has one; write one such as fd00:77::50`,
    };
  if (host === '::' || host === '::1' || host.startsWith('ff') || host.startsWith('::ffff:'))
    return { ok: false, wrong: `${text} can not be an address of a host; write one such as fd00:77::50` };
  return { ok: true, host };
}

export function splitAddress(address: string): { host: string; prefix: number } {
  const [host, prefix] = address.split('/') as [string, string];
  return { host, prefix: Number(prefix) };
}

export function familyOf(addressOrHost: string): Family {
  return addressOrHost.includes(':') ? 'inet6' : 'inet';
}

function roleInSubnet(host: string, prefix: number): string | undefined {
  if (prefix >= 31) return undefined;
  const number = host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  if (number % size === 0) return 'the name';
  return number % size === size - 1 ? 'the broadcast address' : undefined;
}
