import { type NoticeKind, noticeKinds, type Severity } from '@holdfast/core';

/** One thing that a person may want to be told, of one moment. Plain data: it is kept in files and sent as JSON. */
export type Notice = Readonly<{
  kind: NoticeKind;
  severity: Severity;
  /** On the wall clock, in milliseconds since 1970. */
  at: number;
  /** What it is about; empty when it is about the agent. */
  tags: readonly string[];
  operation?: string;
  what: string;
  why: string;
  /** What was done about it, a line each. */
  done: readonly string[];
  /** What the reader can do. */
  todo: string;
}>;

export function notice(
  kind: NoticeKind,
  at: number,
  says: Partial<Omit<Notice, 'kind' | 'severity' | 'at'>> & { what: string },
): Notice {
  return { kind, severity: noticeKinds[kind].severity, at, tags: [], why: '', done: [], todo: '', ...says };
}
