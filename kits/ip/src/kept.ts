import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Memory } from '@holdfast/kit';

/** What this kit keeps of an address from one call to the next. It does as well without it, only slower. */
export type Kept = {
  /** When and where it was last seen in service, and which life of the link that was. */
  lastSeen?: Readonly<{ device: string; linkLife: string; atMs: number }>;
  /** Another host answered for it while it was in service here. */
  duplicate?: string;
  background?: Readonly<{ stop: () => Promise<void> }>;
};

/** So long ago is a moment ago. Checks are made more often, so that it usually is a few seconds. */
const momentMs = 60_000;

export function keptOf(memory: Memory): Kept {
  const kept = (memory.get('ip') as Kept | undefined) ?? {};
  memory.set('ip', kept);
  return kept;
}

export function rememberSeen(memory: Memory, device: string): void {
  const linkLife = readLinkLife(device);
  if (linkLife === undefined) delete keptOf(memory).lastSeen;
  else keptOf(memory).lastSeen = { device, linkLife, atMs: now() };
}

/**
 * It was in service on this device a moment ago, and the link was up all the while: a host that had taken it since
 * would have been heard. So it may be put back first, and asked for afterwards.
 */
export function wasHereAMomentAgo(memory: Memory, device: string): boolean {
  const seen = keptOf(memory).lastSeen;
  return (
    seen !== undefined &&
    seen.device === device &&
    now() - seen.atMs < momentMs &&
    seen.linkLife === readLinkLife(device)
  );
}

/** Changes whenever the carrier comes or goes, or the device is made anew. */
function readLinkLife(device: string): string | undefined {
  try {
    const read = (name: string): string => readFileSync(`/sys/class/net/${device}/${name}`, 'utf8').trim();
    return `${read('ifindex')} ${read('carrier_changes')}`;
  } catch {
    return undefined;
  }
}

/** Counts the time for which the machine was suspended, too: a lot may have happened in it. */
function now(): number {
  return uptime() * 1_000;
}
