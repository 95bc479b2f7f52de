import { posix } from 'node:path';
import { z } from 'zod';

const aPath = 'an absolute path without . and .., such as /etc/holdfast/app/mail/restore';
const aHash = '64 hexadecimal digits, as sha256sum prints them for the file';
const aScript = 'a path and a hash, such as { path: /etc/holdfast/app/mail/restore, sha256: "9f86d0..." }';

/** A copy with other content is not run, whoever put it there: so every node runs what the configuration names. */
const script = (what: string) =>
  z
    .strictObject(
      {
        path: z
          .string(aPath)
          .refine((path) => path.startsWith('/') && path !== '/' && posix.normalize(path) === path, aPath),
        sha256: z.string(aHash).regex(/^[0-9a-f]{64}$/, aHash),
      },
      { error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : aScript) },
    )
    .describe(`${what} Called with -t TAG -i ID; 0 is success. At the next call.`);

const line = (example: string) =>
  z
    .string(`one line of text, such as ${example}`)
    .min(1, `one line of text, such as ${example}`)
    .max(256, `no more than 256 characters, such as ${example}`)
    .regex(/^[^\p{Cc}]+$/u, `one line of text, such as ${example}`);

export const settings = z.strictObject({
  restore: script('Brings it into service; succeeds when it is in service already.'),
  remove: script('Takes it out of service; succeeds when it is out already.'),
  quickCheck: script(
    'Tells by 0 that it serves; without one it is taken for healthy once restored.',
  ).optional(),
  recover: script('Repairs it in place; without one it is removed and restored.').optional(),
  id: line('mail-billing')
    .optional()
    .describe(
      'What tells it from other applications; the path of its restore when left out. At the next restore; take the resource out of service first.',
    ),
  info: line('"port=8080 user=billing"')
    .optional()
    .describe('Handed to the scripts as HOLDFAST_INFO. Never a secret. At the next call.'),
});
export type Settings = z.infer<typeof settings>;
export type ScriptName = 'restore' | 'remove' | 'quickCheck' | 'recover';
export type GivenScript = Settings['restore'];

export function idOf({ id, restore }: Settings): string {
  return id ?? restore.path;
}
