import type { StateRecord, Tag } from '@holdfast/core';
import type { Events } from './events.ts';

/** Tells which conditions began and which ended. One that only says it in other words, such as 93 % now, is no news. */
export function announceConditions(given: {
  events: Events;
  tag: Tag;
  before: Pick<StateRecord, 'conditions'>;
  after: Pick<StateRecord, 'conditions'>;
}): void {
  const { events, tag, before, after } = given;
  const without = (these: StateRecord['conditions'], those: StateRecord['conditions']) =>
    these.filter(({ code }) => !those.some((other) => other.code === code));
  const began = without(after.conditions, before.conditions);
  const ended = without(before.conditions, after.conditions);
  if (began.length + ended.length > 0) events.emit({ kind: 'conditions-changed', tag, began, ended });
}
