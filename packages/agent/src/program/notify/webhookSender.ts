import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { NotifierSettings } from '@holdfast/core';
import type { Sender, SendResult, SentMessage } from '../../index.ts';
import { boundedLookup } from './boundedLookup.ts';
import { readSecret } from './readSecret.ts';

type Settings = Extract<NotifierSettings, { type: 'webhook' }>;

/** The endpoint read the message and will not take it; any other answer may be another one tomorrow. */
const refusals: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/** Posts messages as JSON. Certificates are always checked; a redirection is told and never followed. */
export function webhookSender(settings: Settings, given: { version: string }): Sender {
  const { url } = settings;
  return {
    to: typeof url === 'string' ? new URL(url).origin : `the address in ${url.file}`,
    send: async (message, signal) => {
      const where = await addressOf(settings);
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        'user-agent': `holdfast/${given.version}`,
      };
      for (const [name, value] of Object.entries(settings.headers))
        headers[name.toLowerCase()] = typeof value === 'string' ? value : await readSecret(value.file);
      return post(where, headers, message, signal);
    },
  };
}

async function addressOf({ url, inTheOpen }: Settings): Promise<URL> {
  if (typeof url === 'string') return new URL(url);
  const text = await readSecret(url.file);
  if (!URL.canParse(text)) throw new Error(`what is in ${url.file} is not an address`);
  const address = new URL(text);
  const isAllowed = address.protocol === 'https:' || (inTheOpen && address.protocol === 'http:');
  if (!isAllowed) throw new Error(`the address in ${url.file} does not begin with https://`);
  return address;
}

function post(
  where: URL,
  headers: Record<string, string>,
  message: SentMessage,
  signal: AbortSignal,
): Promise<SendResult> {
  const body = JSON.stringify(message);
  const request = where.protocol === 'http:' ? requestPlain : requestTls;
  return new Promise((resolve, reject) => {
    const sent = request(
      where,
      {
        method: 'POST',
        signal,
        lookup: boundedLookup,
        // One connection for one message: nothing is kept that could have gone stale.
        agent: false,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const status = response.statusCode ?? 0;
        // What it says beside its status is not read: it may be long, slow, or hold a secret.
        response.destroy();
        resolve(resultOf(status));
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) => reject(new Error(sayError(error, where))));
    sent.end(body);
  });
}

function resultOf(status: number): SendResult {
  if (status >= 200 && status < 300) return { ok: true, final: true, says: `it answered ${status}` };
  if (status >= 300 && status < 400) {
    const says = `it answered ${status}, a redirection, which is not followed: write the new address`;
    return { ok: false, final: false, says };
  }
  return { ok: false, final: refusals.has(status), says: `it answered ${status}` };
}

/** Without the path, in which there may be a secret. */
function sayError(error: NodeJS.ErrnoException, { host }: URL): string {
  return `${host}: ${error.code ?? error.name}: ${error.message}`.slice(0, 300);
}
