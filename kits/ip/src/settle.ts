import { done, type KitCall, type Outcome } from '@holdfast/kit';
import { add } from './add.ts';
import { judge } from './addIPv6.ts';
import { wantedLabel } from './findPlace.ts';
import { rememberSeen } from './kept.ts';
import type { Address, Link, Links } from './readLinks.ts';
import type { Settings } from './settings.ts';
import { takeAway } from './takeAway.ts';
import { waitForKernel } from './waitForKernel.ts';

/** Brings an address that is where it should be into the form that it should have; what is well is left alone. */
export async function settle(
  call: KitCall<Settings>,
  given: { seen: Links; at: Address; link: Link },
): Promise<Outcome> {
  const { seen, at, link } = given;
  const { address } = call.settings;
  if (at.isTentative) {
    const state = await waitForKernel(call, { host: at.host, device: at.device });
    return state === 'usable' ? wellAt(call, link) : judge(call, link, state);
  }
  if (at.isRefused) return (await takeAway(call, seen, at)) ?? add(call, link, 'ask-first');
  const label = wantedLabel(call.settings, at.device);
  if (label === undefined || label === at.label) return wellAt(call, link);
  // The kernel changes no label; the address is this node's, so nobody is asked whether it is taken.
  const outcome = (await takeAway(call, seen, at)) ?? (await add(call, link, 'ask-nobody'));
  return outcome.result === 'failed'
    ? outcome
    : done(`${address} was on ${link.name} as ${at.label} already; it is ${label} now`);
}

function wellAt(call: KitCall<Settings>, { name }: Link): Outcome {
  rememberSeen(call.memory, name);
  return done(`${call.settings.address} is on ${name} already`);
}
