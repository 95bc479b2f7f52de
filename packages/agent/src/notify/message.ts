import type { Severity } from '@holdfast/core';
import type { Folded } from './folding.ts';
import type { Notice } from './notice.ts';

/** What is sent, written for a person and as data. It waits in a queue, and in a file while the agent is down. */
export type Message = Readonly<{
  id: string;
  node: string;
  at: number;
  severity: Severity;
  subject: string;
  text: string;
  notices: readonly Notice[];
}>;

/** The JSON that commands and webhooks get. */
export type SentMessage = Message & Readonly<{ schema: 'holdfast.message/1'; dropped: number }>;

/** A moment for people; the program knows the calendar. */
export type SayAt = (at: number) => string;

const subjectMax = 180;

/** Writes a message: a subject that says node, tag and what, and a text that tells it all. */
export function writeMessage(
  folded: Folded,
  { id, node, sayAt }: { id: string; node: string; sayAt: SayAt },
): Message {
  const { notices, repeated, omitted, at, severity } = folded;
  const told = notices.map((one) => sayNotice(one, sayAt));
  const again = repeated.map(
    ({ notice, count }) =>
      `${count} more ${count === 1 ? 'time' : 'times'}: ${notice.what}\n  last at ${sayAt(notice.at)}`,
  );
  const more = omitted === 0 ? [] : [`and ${omitted} more, which holdfast history has`];
  return {
    id,
    node,
    at,
    severity,
    subject: subjectOf(folded, node),
    text: `${[...told, ...again, ...more].join('\n\n')}\n`,
    notices: [...notices, ...repeated.map(({ notice }) => notice)],
  };
}

/** How the text ends: messages that were dropped before it are told with it. */
export function withDropped(message: Message, dropped: number): SentMessage {
  const text =
    dropped === 0
      ? message.text
      : `${message.text}\n${dropped} earlier ${dropped === 1 ? 'message was' : 'messages were'} dropped: ` +
        'they could not be delivered in time. holdfast history has what happened.\n';
  return { schema: 'holdfast.message/1', ...message, text, dropped };
}

function subjectOf({ notices, repeated, severity }: Folded, node: string): string {
  const all = [...notices, ...repeated.map(({ notice }) => notice)];
  // What matters most comes first, and of equals the last: "repaired" after "failed" is how it stands.
  const main = all.findLast((one) => one.severity === severity)!;
  const repaired = notices.findLast(({ kind }) => kind === 'recovered');
  const first = repaired !== undefined && main.kind === 'resource-failed' ? repaired : main;
  const rest = all.length > 1 ? ` (+${all.length - 1})` : '';
  const said = `[holdfast] ${node}: ${oneLine(first.what)}${rest}`;
  return said.length > subjectMax ? `${said.slice(0, subjectMax - 3)}...` : said;
}

function sayNotice({ what, why, done, todo, at, severity, operation }: Notice, sayAt: SayAt): string {
  const line = (label: string, says: string) =>
    says === '' ? [] : [`  ${label.padEnd(5)} ${oneLine(says)}`];
  return [
    `${sayAt(at)}  ${severity}: ${oneLine(what)}`,
    ...line('why', why),
    ...done.flatMap((one, index) => line(index === 0 ? 'done' : '', one)),
    ...line('do', todo),
    ...(operation === undefined ? [] : line('see', `holdfast operation ${operation}`)),
  ].join('\n');
}

/** Evidence is what programs said: no line end or control character of it may forge a line of ours. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ')
    .trim()
    .slice(0, 1_000);
}
