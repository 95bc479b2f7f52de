import { isAlive, type ProcessEntry } from '@holdfast/kit';
import { findListeners, sameForm, socketsOf } from './findListeners.ts';

/**
 * The addresses of `listen_addresses` on which the server does not listen, or that it is gone. A server starts with a
 * mere warning when one of several is not there, or is taken, and does not try again. Names are not looked up: who
 * they are is not known here.
 */
export async function findDeafAddresses(
  postmaster: ProcessEntry,
  { listenAddresses, port }: Readonly<{ listenAddresses: string; port: number }>,
): Promise<readonly string[] | 'gone'> {
  const own = new Set(await socketsOf(postmaster.pid));
  const heard = new Set(
    (await findListeners(port)).filter(({ inode }) => own.has(inode)).map(({ address }) => sameForm(address)),
  );
  // A process that ended while it was looked at has no sockets either, and that says nothing of its addresses.
  if (!(await isAlive(postmaster))) return 'gone';
  const wanted = listenAddresses
    .split(',')
    .map((word) => word.trim())
    .map((word) => (word === '*' ? '0.0.0.0' : word));
  return wanted.filter((word) => {
    const address = sameForm(word);
    return address !== undefined && !heard.has(address);
  });
}
