import { z } from 'zod';

const path = (example: string) =>
  z
    .string(`an absolute path, such as ${example}`)
    .regex(/^\/.+[^/]$/, `an absolute path without a slash at its end, such as ${example}`);

export const settings = z.strictObject({
  link: path('/srv/current').describe('The link that must be there. At the next restore.'),
  target: path('/srv/releases/5').describe('Where it must lead. At the next restore.'),
});
export type Settings = z.infer<typeof settings>;

/** Where restore makes the link before it is put in its place. */
export function newLinkOf({ link }: Settings): string {
  return `${link}.new`;
}
