import type { ServerResponse } from 'node:http';
import type { AgentEvent } from '@holdfast/core';
import type { Agent } from '../../index.ts';

/** A reader that leaves more than this unread is let go: it must not fill the agent's memory. */
const unreadMaxBytes = 4 * 1024 * 1024;

/** The kept events from a number on, then each as it happens, a line of JSON each, until the caller leaves. */
export function streamEvents(
  events: Agent['events'],
  wanted: { from: number; isWanted: (event: AgentEvent) => boolean },
  raw: ServerResponse,
): void {
  raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const send = (event: AgentEvent): void => {
    if (!wanted.isWanted(event)) return;
    // It may come back with the number of the last event that it read.
    if (raw.writableLength > unreadMaxBytes) raw.destroy();
    else raw.write(`${JSON.stringify(event)}\n`);
  };
  raw.flushHeaders();
  for (const event of events.from(wanted.from)) send(event);
  const leave = events.listen(send);
  raw.on('close', leave);
}
