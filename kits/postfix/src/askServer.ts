import { readFile } from 'node:fs/promises';
import type { Finding, KitCall } from '@holdfast/kit';
import type { Endpoint } from './findEndpoints.ts';
import type { Instance } from './findInstance.ts';
import type { Settings } from './settings.ts';
import { type Step, type Talk, talkSmtp } from './talkSmtp.ts';

export type ServerAnswer = Readonly<{ finding: Finding; says: string }>;

/** The worst comes first. */
const gravity: readonly Finding[] = ['failed', 'timeout', 'degraded', 'unknown', 'in-service'];

/** Speaks SMTP with each of them at the same time; the worst answer counts. */
export async function askServer(
  { signal }: Pick<KitCall<Settings>, 'signal'>,
  endpoints: readonly Endpoint[],
  { all }: Pick<Instance, 'all'>,
  withinMs: number,
): Promise<ServerAnswer> {
  if (endpoints.length === 0) return { finding: 'in-service', says: 'its master runs, and no port is asked' };
  const answers = await Promise.all(
    endpoints.map(async (endpoint) => {
      const { host, port } = endpoint;
      const talk = await talkSmtp({ host, port, steps: [], withinMs, signal });
      const judged = await judge(talk, endpoint, all);
      return { ...judged, says: `${sayEndpoint(endpoint)}: ${judged.says}` };
    }),
  );
  const finding = gravity.find((one) => answers.some((answer) => answer.finding === one))!;
  const telling = answers.filter((answer) => answer.finding === finding);
  return { finding, says: telling.map(({ says }) => says).join('; ') };
}

/** One dialogue with the steps given, for checks and for the look after a start. */
export function talkTo(
  { host, port }: Endpoint,
  steps: readonly Step[],
  withinMs: number,
  signal: AbortSignal,
): Promise<Talk> {
  return talkSmtp({ host, port, steps, withinMs, signal });
}

export function sayEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

async function judge(talk: Talk, endpoint: Endpoint, all: Instance['all']): Promise<ServerAnswer> {
  const { ending, code, says } = talk;
  switch (ending) {
    case 'done':
      return { finding: 'in-service', says };
    case 'reply':
      // It talks: it is overloaded, about to stop, or does not like us. Another node would not do better.
      return { finding: 'degraded', says: `it answers ${says}${code === 421 ? '; it is overloaded' : ''}` };
    case 'closed':
      return { finding: 'failed', says: `it takes the connection, and then: ${says}` };
    case 'refused':
      return { finding: 'failed', says: 'nobody listens there' };
    case 'unreachable':
      return { finding: 'failed', says };
    case 'aborted':
      return { finding: 'unknown', says };
    case 'timeout': {
      const busy = await countBusy(endpoint, all);
      if (busy === undefined) return { finding: 'timeout', says: `no greeting: ${says}` };
      return { finding: 'degraded', says: `all ${busy} processes of it are in use, and a new client waits` };
    }
  }
}

/** The number of its processes, when that is as many as it may have. */
async function countBusy({ service }: Endpoint, all: Instance['all']): Promise<number | undefined> {
  if (service === undefined || service.processesMax === 0) return undefined;
  const lines = await Promise.all(
    all.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  const busy = lines.filter((line) => line.startsWith(`${service.program}\0-n\0${service.name}\0`)).length;
  return busy >= service.processesMax ? busy : undefined;
}
