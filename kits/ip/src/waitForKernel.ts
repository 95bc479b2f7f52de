import { type KitCall, waitUntil } from '@holdfast/kit';
import { type IPv6State, readIPv6State } from './readIPv6State.ts';
import type { Settings } from './settings.ts';

/** The kernel asks once and waits for a second, or as often as its `dad_transmits` says. */
const kernelAsksForMs = 6_000;

/** Waits until the kernel has asked whether another host has an IPv6 address, and says what came of it. */
export async function waitForKernel(
  call: KitCall<Settings>,
  { host, device, withinMs = kernelAsksForMs }: { host: string; device: string; withinMs?: number },
): Promise<IPv6State> {
  const state = await waitUntil(
    async () => {
      const now = await readIPv6State(host, device);
      return now === 'tentative' ? undefined : now;
    },
    { withinMs, signal: call.signal },
  );
  return state ?? 'tentative';
}
