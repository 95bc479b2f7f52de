import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { askForDuplicate } from './askForDuplicate.ts';
import { askWhoElse } from './askWhoElse.ts';
import { backgroundOf } from './background.ts';
import { wantedLabel } from './findPlace.ts';
import { keptOf } from './kept.ts';
import type { Link } from './readLinks.ts';
import type { Settings } from './settings.ts';

/** Whether another host is asked for before the address is added, or in the background when it serves already. */
export type Manner = 'ask-first' | 'ask-afterwards' | 'ask-nobody';

export async function addIPv4(call: KitCall<Settings>, link: Link, manner: Manner): Promise<Outcome> {
  const { address } = call.settings;
  const device = link.name;
  let says = link.asksNeighbours ? 'nobody was asked whether it is taken' : `${device} asks no neighbours`;
  if (manner === 'ask-first' && link.asksNeighbours) {
    const question = await askForDuplicate(call, device);
    if (question.isTaken)
      return failed(question.says, 'find that host and take the address from it, then restore again');
    ({ says } = question);
  }
  if (call.signal.aborted) return failed('told to stop before it was added', 'restore again');

  const label = wantedLabel(call.settings, device);
  const words = [
    'ip',
    'addr',
    'add',
    address,
    'dev',
    device,
    ...(label === undefined ? [] : ['label', label]),
  ];
  const added = await call.run(words as [string, ...string[]], { budgetMs: 5_000, signal: call.signal });
  if (!added.ok) return failed(added.says, `see what the kernel says: ip addr add ${address} dev ${device}`);
  if (manner === 'ask-afterwards' && link.asksNeighbours && call.settings.duplicateCheckMs > 0) {
    askInBackground(call, device);
    says = 'it was here a moment ago; other hosts are asked meanwhile';
  }
  return done(`${address} added to ${device}; ${says}`);
}

function askInBackground(call: KitCall<Settings>, device: string): void {
  backgroundOf(call).begin(async (signal) => {
    const question = await askWhoElse(call, device, signal);
    if (!question.isTaken || signal.aborted) return;
    keptOf(call.memory).duplicate = question.says;
    call.log.warn({ address: call.settings.address, device, says: question.says }, question.says);
  });
}
