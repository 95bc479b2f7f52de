import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import { findPlace } from './findPlace.ts';
import { keepSecondaries } from './keepSecondaries.ts';
import { type Address, type Links, readLinks } from './readLinks.ts';
import type { Settings } from './settings.ts';

type Failed = Extract<Outcome, { result: 'failed' }>;

/** Deletes exactly this address, and sees that it is gone; answers why not, or nothing. Every other address stays. */
export async function takeAway(
  call: KitCall<Settings>,
  seen: Links,
  at: Address,
): Promise<Failed | undefined> {
  const { address } = call.settings;
  const { device } = at;
  const kept = keepSecondaries(seen.addresses, at);
  if (!kept.ok) {
    return refuse(kept.why, `allow it: sysctl -w net/ipv4/conf/${device}/promote_secondaries=1`);
  }
  try {
    const deleted = await call.run(['ip', 'addr', 'del', address, 'dev', device], {
      budgetMs: 5_000,
      signal: call.signal,
    });
    const after = await readLinks(call);
    if (typeof after === 'string') return refuse(after, 'see that the program ip works on this node');
    // What counts is what is there: it may have gone with its device while we looked.
    if (findPlace(after, call.settings).kind === 'nowhere') return undefined;
    return refuse(deleted.says, `see what the kernel says: ip addr del ${address} dev ${device}`);
  } finally {
    kept.release();
  }
}

function refuse(evidence: string, todo: string): Failed {
  return failed(evidence, todo) as Failed;
}
