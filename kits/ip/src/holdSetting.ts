import { readFileSync, writeFileSync } from 'node:fs';

type Held = { readonly before: string; users: number };
export type Holding = Readonly<{ ok: true; release: () => void }> | Readonly<{ ok: false; why: string }>;

const held = new Map<string, Held>();

/**
 * Sets a setting of the kernel for a moment, until it is released. Several addresses of one device may do so at the
 * same time: the last one puts it back. In one go, without waiting in between, so that nobody comes between reading
 * and writing. Only settings that do no harm when this process dies before it has put them back.
 */
export function holdSetting(file: string, value: string): Holding {
  try {
    const one = held.get(file) ?? { before: readFileSync(file, 'utf8').trim(), users: 0 };
    if (one.before !== value && one.users === 0) writeFileSync(file, value);
    one.users += 1;
    held.set(file, one);
    return { ok: true, release: () => release(file, one, value) };
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  }
}

/** Holds what can be held of them, and goes on without the others. */
export function holdSettings(values: Readonly<Record<string, string>>): () => void {
  const holdings = Object.entries(values).map(([file, value]) => holdSetting(file, value));
  return () => {
    for (const holding of holdings) if (holding.ok) holding.release();
  };
}

function release(file: string, one: Held, value: string): void {
  one.users -= 1;
  if (one.users > 0) return;
  held.delete(file);
  if (one.before === value) return;
  try {
    writeFileSync(file, one.before);
  } catch {
    // Its device is gone, and the setting with it.
  }
}
