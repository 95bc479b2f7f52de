import type { AgentEvent, NewEvent, NotifierSettings } from '@holdfast/core';
import { writtenNotifier } from '@holdfast/core';
import { Folding } from '../../src/notify/folding.ts';
import { isWanted } from '../../src/notify/isWanted.ts';
import { type Message, writeMessage } from '../../src/notify/message.ts';
import { NoticeReader } from '../../src/notify/noticesOf.ts';

/** A notifier in which only what a test is about needs to be said. */
export function settingsOf(more: Record<string, unknown> = {}): NotifierSettings {
  return { name: 'night', ...writtenNotifier.parse({ type: 'command', argv: ['/bin/true'], ...more }) };
}

/** An event with the seconds at which it came. */
export type Happened = readonly [seconds: number, event: NewEvent];

export const sayAt = (at: number): string => `${at / 1_000} s`;

/** The messages that a notifier makes of what happened, with the second at which each was due. */
export function messagesOf(
  happened: readonly Happened[],
  more: Record<string, unknown> = {},
): (Message & { second: number })[] {
  const settings = settingsOf(more);
  const reader = new NoticeReader();
  const folding = new Folding(settings);
  const messages: (Message & { second: number })[] = [];
  const gather = (until: number): void => {
    for (;;) {
      const due = folding.nextDue();
      if (due === undefined || due > until) return;
      const folded = folding.due(due);
      if (folded !== undefined)
        messages.push({ ...writeMessage(folded, { id: 'm', node: 'alpha', sayAt }), second: due / 1_000 });
    }
  };
  for (const [index, [seconds, event]] of happened.entries()) {
    const at = seconds * 1_000;
    gather(at);
    const numbered = { ...event, sequence: index + 1, at } as AgentEvent;
    for (const one of reader.read(numbered)) if (isWanted(settings, one)) folding.take(one, at);
  }
  gather(Number.POSITIVE_INFINITY);
  return messages;
}

/** `second severity subject`, a line for each message. */
export function subjectsOf(...given: Parameters<typeof messagesOf>): string[] {
  return messagesOf(...given).map(
    ({ second, severity, subject }) => `${second} ${severity} ${subject.replace('[holdfast] alpha: ', '')}`,
  );
}

const because = { code: 'check-failed', says: 'port 5432 refused' };
const common = { operation: 'o1', step: 's', tag: 'pg', action: 'recover' };

/** A failure of pg that was repaired, from this second on. */
export function repaired(second: number): Happened[] {
  return [
    [second, { kind: 'check-failed', tag: 'pg', finding: 'failed', evidence: 'port 5432 refused' }],
    [second, { kind: 'state-changed', tag: 'pg', from: 'ISP', to: 'OSF', reason: 'port 5432 refused' }],
    [
      second,
      {
        kind: 'operation-begun',
        operation: 'o1',
        cause: 'pg failed: port 5432 refused',
        commands: [],
        steps: [{ id: 's', node: 'alpha', tag: 'pg', action: 'recover', after: [], because }],
      },
    ],
    [second, { kind: 'step-begun', ...common }],
    [second, { kind: 'state-changed', tag: 'pg', from: 'OSF', to: 'ISP', reason: 'recover has succeeded' }],
    [second, { kind: 'step-ended', ...common, result: 'done', evidence: '', todo: '', tookMs: 153 }],
    [second, { kind: 'operation-ended', operation: 'o1', result: 'done', tookMs: 160 }],
  ];
}
