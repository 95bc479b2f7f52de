import type { NotifierState } from '@holdfast/core';
import { plain } from '../text/plain.ts';
import { sayTime } from '../text/sayTime.ts';
import { wrap } from '../text/wrap.ts';

/** Each with where it goes and how that went; the last error only while it is newer than the last success. */
export function showNotifiers(notifiers: readonly NotifierState[], width: number): string[] {
  if (notifiers.length === 0) return ['nobody is told: the configuration has no notifiers'];
  return notifiers.flatMap((one) => {
    const { name, type, to, state, sent, failed, dropped, queued, lastSentAt, nextTryAt, lastError } = one;
    const last = lastSentAt === undefined ? '' : `, the last at ${sayTime(lastSentAt)}`;
    const line = (says: string) => wrap(plain(says), { first: '  ', width, hang: 4 });
    const isBad = lastError !== undefined && lastError.at > (lastSentAt ?? 0);
    return [
      ...wrap(plain(`${name}: ${type} to ${to}`), { first: '', width, hang: 2 }),
      ...line(
        `${state}; sent ${sent}${last}; waiting ${queued}, tries that failed ${failed}, dropped ${dropped}`,
      ),
      ...(isBad ? line(`failed at ${sayTime(lastError.at)}: ${lastError.says}`) : []),
      ...(nextTryAt === undefined ? [] : line(`tried again at ${sayTime(nextTryAt)}`)),
    ];
  });
}
