import { failed, type Outcome, type ProcessEntry, waitUntil } from '@holdfast/kit';
import { findListeners, sameForm, socketsOf } from './findListeners.ts';

/**
 * The addresses of `listen_addresses` on which the server does not listen. It starts with a mere warning when one of
 * several is not there, or is taken, and does not try again. Names are not looked up: who they are is not known here.
 */
export async function findDeafAddresses(
  postmaster: ProcessEntry,
  { listenAddresses, port }: Readonly<{ listenAddresses: string; port: number }>,
): Promise<readonly string[]> {
  const own = new Set(await socketsOf(postmaster.pid));
  // A living server has its Unix socket at least: one without any could not be looked at, and proves nothing.
  if (own.size === 0) return [];
  const heard = new Set(
    (await findListeners(port)).filter(({ inode }) => own.has(inode)).map(({ address }) => sameForm(address)),
  );
  const wanted = listenAddresses
    .split(',')
    .map((word) => word.trim())
    .map((word) => (word === '*' ? '0.0.0.0' : word));
  return wanted.filter((word) => {
    const address = sameForm(word);
    return address !== undefined && !heard.has(address);
  });
}

/** A server that answers on its socket, while its clients come by the network; undefined when they can. */
export async function sayDeaf(
  postmaster: ProcessEntry,
  listenAddresses: string | undefined,
  port: number,
): Promise<Outcome | undefined> {
  if (listenAddresses === undefined) return undefined;
  let deaf: readonly string[] = [];
  // The kernel's table is read in pieces while sockets come and go: one look that misses is no proof.
  const heard = await waitUntil(
    async () => {
      deaf = await findDeafAddresses(postmaster, { listenAddresses, port });
      return deaf.length === 0 ? true : undefined;
    },
    { withinMs: 300 },
  );
  if (heard === true) return undefined;
  return failed(
    `postmaster ${postmaster.pid} runs, and does not listen on ${deaf.join(', ')}, which listen_addresses names`,
    'let the resource need the address, so that it is there first; remove, and restore again',
  );
}
