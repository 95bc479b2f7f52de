import type { KitCall } from '@holdfast/kit';
import { splitAddress } from './findPlace.ts';
import type { Settings } from './settings.ts';

export type DuplicateAnswer = Readonly<{ isTaken: boolean; says: string }>;

/**
 * Asks the network who has the address. arping goes on to wait for its full seconds when nobody answers, so its
 * budget is the question's end; an answer comes within milliseconds and ends it with exit code 1.
 */
export async function askForDuplicate(call: KitCall<Settings>): Promise<DuplicateAnswer> {
  const { address, device, duplicateCheckMs } = call.settings;
  const { host } = splitAddress(address);
  if (duplicateCheckMs === 0) return { isTaken: false, says: 'nobody was asked whether it is taken' };
  const wholeSeconds = String(Math.ceil(duplicateCheckMs / 1000));
  const asked = await call.run(['arping', '-D', '-c', '2', '-w', wholeSeconds, '-I', device, host], {
    budgetMs: duplicateCheckMs,
    killAfterMs: 100,
    signal: call.signal,
  });
  if (asked.ending === 'not-started') {
    return { isTaken: false, says: 'nobody was asked whether it is taken, as arping is not installed' };
  }
  const answer = /reply from \S+ \[([^\]]+)\]/.exec(asked.stdout);
  if (answer !== null) return { isTaken: true, says: `${host} is taken: ${answer[1]} answers for it` };
  if (asked.exitCode === 1) return { isTaken: true, says: `${host} is taken: another host answers for it` };
  if (asked.exitCode === 0 || asked.ending === 'budget') {
    return { isTaken: false, says: 'no other host answers for it' };
  }
  // A question that could not be put is no answer: the address is not refused for it, and the evidence says so.
  return { isTaken: false, says: `nobody could be asked whether it is taken: ${asked.says}` };
}
