import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { askOnce } from '@holdfast/kit';

const withinMs = 1_000;

/**
 * A path as the kernel's table of mounts writes it: without a slash at its end, and with symbolic links followed, as
 * far as it exists. A dead disk on the way does not answer; then the path is taken as it was written.
 */
export async function resolvePlace(written: string, signal: AbortSignal): Promise<string> {
  const plain = plainPath(written);
  let rest = '';
  for (let path = plain; path !== '/'; path = dirname(path)) {
    const real = await askOnce(`realpath ${path}`, () => realpath(path).catch(codeOf), { withinMs, signal });
    if (real === undefined || real === 'EIO') return plain;
    if (real.startsWith('/')) return join(real, rest);
    rest = join(path.slice(dirname(path).length), rest);
  }
  return plain;
}

/** Without slashes at its end, so that one place has one name. */
export function plainPath(written: string): string {
  return written.replace(/\/+$/, '');
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? 'unknown';
}
