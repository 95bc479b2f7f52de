import type { ResourceStatus } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { sayTime } from '../text/sayTime.ts';
import { wrap } from '../text/wrap.ts';

/** Everything that the status knows of one resource, a line for each fact. */
export function showDetailsOf(
  resource: ResourceStatus,
  { width }: Pick<Screen, 'width'>,
  now: number,
): string[] {
  const { tag, type, state, reason, want, wantedBy, since, lastCheck, paused } = resource;
  const wanted = want === 'inService' ? 'in service' : 'out of service';
  const check =
    lastCheck &&
    `${lastCheck.finding}, ${saySpan(now - lastCheck.at)} ago, took ${saySpan(lastCheck.tookMs)}${lastCheck.evidence === '' ? '' : `: ${lastCheck.evidence}`}`;
  const pause =
    paused &&
    `by ${paused.by}${paused.why === '' ? '' : `: ${paused.why}`}${paused.until === undefined ? '' : `, until ${sayTime(paused.until)}`}`;
  return [
    ...line('tag', tag),
    ...line('type', type),
    ...line('protects', resource.identity),
    ...line('state', `${state}${since === 0 ? '' : `, since ${sayTime(since)}`}`),
    ...line('because', reason),
    ...line('wanted', `${wanted}, by ${wantedBy}`),
    ...line('hierarchy', resource.hierarchy),
    ...line('needs', resource.needs.join(', ')),
    ...line('needs any', resource.needsAny.join(', ')),
    ...line('after', resource.after.join(', ')),
    ...line('acting', resource.acting),
    ...line('paused', pause),
    ...line('last check', check),
    ...resource.conditions.flatMap(({ code, says }) => line('condition', `${code}: ${says}`)),
    ...line('blocked', resource.blocked),
    ...line('to do', resource.todo),
  ];

  function line(label: string, text: string | undefined): string[] {
    if (text === undefined || text === '') return [];
    return wrap(plain(text), { first: label.padEnd(12), width });
  }
}
