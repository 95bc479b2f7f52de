import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Configuration, Service } from './readConfiguration.ts';
import type { Settings } from './settings.ts';

/** Where Postfix listens. An empty host means every address of the node. */
export type Endpoint = Readonly<{ host: string; port: number; service: Service | undefined }>;

/** Every port of master.cf. */
export async function findEndpoints({
  services,
  interfaces,
}: Pick<Configuration, 'services' | 'interfaces'>): Promise<readonly Endpoint[]> {
  const known = await readServiceNames();
  return services
    .filter(({ isInet }) => isInet)
    .flatMap((service) => {
      const [, host, word] = /^(?:(.*):)?([^:]+)$/.exec(service.name)!;
      const port = /^\d+$/.test(word!) ? Number(word) : (known.get(word!) ?? 0);
      const hosts = host === undefined || host === '' ? hostsOf(interfaces) : [bare(host)];
      return hosts.map((one) => ({ host: one, port, service }));
    })
    .filter(({ port }) => port > 0);
}

/** Where a check speaks SMTP: as set, else with each smtpd and postscreen that greets in plain words. */
export function smtpEndpoints(
  { ports }: Settings,
  endpoints: readonly Endpoint[],
  protocols: string,
): readonly Endpoint[] {
  const local = protocols === 'ipv6' ? '::1' : '127.0.0.1';
  if (ports !== undefined) {
    return ports.map((word) => {
      const [, host, digits] = /^(?:(.*):)?(\d+)$/.exec(word)!;
      const port = Number(digits);
      const same = endpoints.filter((one) => one.port === port);
      const wanted = host === undefined ? same[0]?.host || local : bare(host);
      return { host: wanted, port, service: same[0]?.service };
    });
  }
  return endpoints
    .filter(
      ({ service }) =>
        service !== undefined && /^(smtpd|postscreen)$/.test(service.program) && !service.isWrapped,
    )
    .map((one) => ({ ...one, host: one.host === '' ? local : one.host }));
}

/** Addresses that Postfix is told to listen on, and that this node does not have. */
export function findAbsentAddresses(endpoints: readonly Endpoint[]): readonly string[] {
  const here = new Set(
    Object.values(networkInterfaces()).flatMap((link) => (link ?? []).map(({ address }) => address)),
  );
  const wanted = endpoints.map(({ host }) => host).filter((host) => isIP(host) !== 0);
  return [...new Set(wanted)].filter(
    (host) => !here.has(host) && !['0.0.0.0', '::'].includes(host) && !host.startsWith('127.'),
  );
}

function hostsOf(interfaces: readonly string[]): readonly string[] {
  return interfaces.map((word) =>
    word === 'all' ? '' : word === 'loopback-only' ? '127.0.0.1' : bare(word),
  );
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

async function readServiceNames(): Promise<ReadonlyMap<string, number>> {
  const text = await readFile('/etc/services', 'utf8').catch(() => '');
  // What mail has had for ever, for a node without the file.
  const known = new Map([
    ['smtp', 25],
    ['submission', 587],
    ['submissions', 465],
    ['smtps', 465],
  ]);
  for (const line of text.split('\n')) {
    const [, name, port, aliases = ''] = /^(\S+)\s+(\d+)\/tcp([^#]*)/.exec(line) ?? [];
    for (const one of [name, ...aliases.trim().split(/\s+/)]) {
      if (one !== undefined && one !== '') known.set(one, Number(port));
    }
  }
  return known;
}
