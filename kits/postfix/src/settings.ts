import { posix } from 'node:path';
import { z } from 'zod';

const folder = (example: string) =>
  z
    .string(`an absolute path, such as ${example}`)
    .refine(
      (path) =>
        path.startsWith('/') &&
        path !== '/' &&
        posix.normalize(path) === path &&
        !path.endsWith('/') &&
        !/[\s,]/.test(path),
      `an absolute path without . and .., without spaces and commas, and without a slash at its end, such as ${example}`,
    );

const endpoint = /^(?:(?:[\w.-]+|\[[0-9a-fA-F:]+\]):)?(\d{1,5})$/;

export const settings = z.strictObject({
  configDirectory: folder('/srv/mail/etc').describe(
    'Where its main.cf and master.cf are: this tells one instance from another. At the next restore.',
  ),
  queueDirectory: folder('/srv/mail/queue')
    .default('/var/spool/postfix')
    .describe(
      'Its queue_directory, as main.cf has it: so it is found and stopped when main.cf cannot be read. At the next restore.',
    ),
  queueMountPoint: folder('/srv/mail')
    .optional()
    .describe(
      'The mount point that the queue must be on; without it, that there is a queue must be proof enough. At once.',
    ),
  ports: z
    .array(
      z
        .string('a port or an address with a port, in quotes, such as "25" or "10.77.0.50:587"')
        .refine((word) => {
          const port = Number(endpoint.exec(word)?.[1]);
          return port >= 1 && port <= 65_535;
        }, 'a port from 1 to 65535, or an address with one, such as "25", "10.77.0.50:587" or "[fd00::50]:25"'),
      'a list of ports, such as ["25", "10.77.0.50:587"]',
    )
    .max(20, 'no more than 20 ports, such as ["25", "587"]')
    .optional()
    .describe(
      'Where the checks speak SMTP; the smtpd and postscreen of master.cf when left out, none when it is empty. At once.',
    ),
  bannerTimeoutMs: z
    .int('a whole number of milliseconds, such as 4000')
    .min(100, 'at least 100 ms, such as 4000')
    .max(60_000, 'at most 60000 ms, such as 4000')
    .default(4_000)
    .describe('In milliseconds: so long a check waits for an SMTP dialogue, within its own budget. At once.'),
  flushAfterRestore: z
    .boolean('true or false, such as true')
    .default(true)
    .describe('Try again at once, after a restore, to deliver what is deferred. At the next restore.'),
  deferredMax: z
    .int('a whole number of messages, such as 1000')
    .min(0, 'at least 0 messages, such as 1000')
    .default(1_000)
    .describe('In messages: with more of them deferred, a deep check says so. At once.'),
  commandDirectory: folder('/usr/sbin')
    .default('/usr/sbin')
    .describe('Where postfix, postconf and postqueue are. At once.'),
  logFile: folder('/var/log/mail.log')
    .default('/var/log/mail.log')
    .describe(
      'Where to look for the words of Postfix when it fails, unless main.cf has a maillog_file. At once.',
    ),
});
export type Settings = z.infer<typeof settings>;

export function pidFileOf({ queueDirectory }: Settings): string {
  return `${queueDirectory}/pid/master.pid`;
}
