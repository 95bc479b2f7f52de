import { connect, type Socket } from 'node:net';
import type { NotifierSettings } from '@holdfast/core';
import { boundedLookup } from './boundedLookup.ts';
import { readSecret } from './readSecret.ts';

type Smtp = NonNullable<Extract<NotifierSettings, { type: 'email' }>['smtp']>;

/** A way to one mail server, for one message. Certificates are always checked. */
export async function smtpTransport({ host, port, tls, user, password }: Smtp, timeout: number) {
  // Where nobody is told by mail, no memory is spent on it.
  const { createTransport } = await import('nodemailer');
  const auth =
    user === undefined || password === undefined
      ? {}
      : { auth: { user, pass: await readSecret(password.file) } };
  const portUsed = port ?? (tls === 'first' ? 465 : 587);
  return createTransport({
    host,
    port: portUsed,
    secure: tls === 'first',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2' },
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    ...auth,
    getSocket: (_: unknown, answer: (error: Error | null, found: { connection: Socket } | false) => void) => {
      open(host, portUsed, timeout).then(
        (connection) => answer(null, { connection }),
        (error: Error) => answer(error, false),
      );
    },
  });
}

/** The connection is made here, so that the name is looked up within our bounds. */
function open(host: string, port: number, timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: boundedLookup });
    const late = setTimeout(() => socket.destroy(new Error(`no connection within ${timeout} ms`)), timeout);
    const end = (): void => clearTimeout(late);
    socket.once('connect', () => {
      end();
      socket.removeListener('error', reject);
      resolve(socket);
    });
    socket.once('error', (error) => {
      end();
      reject(error);
    });
  });
}
