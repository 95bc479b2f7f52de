import { type NotifierSettings, noticeKinds, severities } from '@holdfast/core';
import type { Notice } from './notice.ts';

/** Whether a notifier is to tell this. What concerns no resource is not kept from those who asked for some. */
export function isWanted(
  { events, severity, resources }: Pick<NotifierSettings, 'events' | 'severity' | 'resources'>,
  { kind, severity: its, tags }: Notice,
): boolean {
  const isOfKind = events === undefined ? noticeKinds[kind].isDefault : events.includes(kind);
  const matters = severities.indexOf(its) >= severities.indexOf(severity);
  const concerns =
    resources === undefined || tags.length === 0 || tags.some((tag) => resources.includes(tag));
  return isOfKind && matters && concerns;
}
