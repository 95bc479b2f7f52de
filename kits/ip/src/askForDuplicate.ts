import { type KitCall, waitUntil } from '@holdfast/kit';
import { splitAddress } from './readAddress.ts';
import type { Settings } from './settings.ts';

export type DuplicateAnswer = Readonly<{
  isTaken: boolean;
  says: string;
  /** The hardware address that answered, where arping named it. */
  by?: string;
}>;

/**
 * Asks the network who has an IPv4 address. Two questions, the second half-way through, so that one lost packet does
 * not hide the other host; an answer comes within milliseconds and ends the wait. When nobody answers, the whole time
 * is spent: arping itself can wait for whole seconds only, and asks its second question when its time is over, so each
 * question is one arping of its own, ended when the time is over. 300 ms are some hundred times what a host on the same
 * network takes, and every move waits for them; the probes of RFC 5227 would take six seconds.
 */
export async function askForDuplicate(
  call: KitCall<Settings>,
  device: string,
  signal: AbortSignal = call.signal,
): Promise<DuplicateAnswer> {
  const { address, duplicateCheckMs } = call.settings;
  const { host } = splitAddress(address);
  if (duplicateCheckMs === 0) return { isTaken: false, says: 'nobody was asked whether it is taken' };
  const answered = new AbortController();
  const either = AbortSignal.any([signal, answered.signal]);
  const ask = async (forMs: number): Promise<DuplicateAnswer> => {
    const wholeSeconds = String(Math.ceil(forMs / 1000));
    const asked = await call.run(['arping', '-D', '-c', '1', '-w', wholeSeconds, '-I', device, host], {
      budgetMs: forMs,
      killAfterMs: 100,
      signal: either,
    });
    if (asked.ending === 'not-started')
      return { isTaken: false, says: 'nobody was asked whether it is taken, as arping is not installed' };
    const answer = /reply from \S+ \[([^\]]+)\]/.exec(asked.stdout)?.[1];
    if (answer !== undefined || asked.exitCode === 1) {
      answered.abort();
      const says = `${host} is taken: ${answer ?? 'another host'} answers for it`;
      return { isTaken: true, says, ...(answer === undefined ? {} : { by: answer }) };
    }
    if (asked.exitCode === 0 || asked.ending === 'budget')
      return { isTaken: false, says: 'no other host answers for it' };
    // A question that could not be put is no answer: the address is not refused for it, and the evidence says so.
    return { isTaken: false, says: `nobody could be asked whether it is taken: ${asked.says}` };
  };
  const secondAfterMs = duplicateCheckMs / 2;
  const again = async (): Promise<DuplicateAnswer | undefined> => {
    await waitUntil(() => undefined, { withinMs: secondAfterMs, signal: either });
    return either.aborted ? undefined : ask(duplicateCheckMs - secondAfterMs);
  };
  const [first, second] = await Promise.all([ask(duplicateCheckMs), again()]);
  return second?.isTaken === true ? second : first;
}
