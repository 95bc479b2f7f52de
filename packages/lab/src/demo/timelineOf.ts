import type { TimelineLine } from './printer.ts';

const told = new Set(['check-failed', 'step-begun', 'step-ended', 'state-changed', 'operation-ended']);

/** What the agent wrote in its log since the moment, as times after it. Both clocks are this machine's. */
export function timelineOf(log: string, since: number, events: ReadonlySet<string> = told): TimelineLine[] {
  return log.split('\n').flatMap((text) => {
    const line = read(text);
    if (line === undefined || !events.has(line.event)) return [];
    const afterMs = Date.parse(line.time) - since;
    return afterMs < 0 ? [] : [{ afterMs, event: line.event, says: line.msg }];
  });
}

type LogLine = { event: string; time: string; msg: string };

function read(text: string): LogLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<LogLine> | null;
    const { event, time, msg } = line ?? {};
    return event === undefined || time === undefined || msg === undefined ? undefined : { event, time, msg };
  } catch {
    return undefined; // The last line may be half-written.
  }
}
