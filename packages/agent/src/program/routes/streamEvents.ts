import type { ServerResponse } from 'node:http';
import type { Agent } from '../../index.ts';
import type { WantedEvents } from './route.ts';

/** So many are written before it is seen whether the reader keeps up. */
const piece = 100;

/**
 * The kept events from a number on, then each as it happens, a line of JSON each, until the caller leaves. A reader
 * has no queue of its own: it has a place in the events that are kept anyway. One that reads so slowly that its
 * place is no longer kept is let go; it may come back with the number of the last event that it read.
 */
export function streamEvents(events: Agent['events'], wanted: WantedEvents, raw: ServerResponse): void {
  raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
  raw.flushHeaders();
  let next = Math.max(wanted.from, events.oldest);
  let isFull = false;

  const pump = (): void => {
    while (!isFull && !raw.destroyed && next < events.next) {
      if (next < events.oldest) {
        raw.destroy();
        return;
      }
      const some = events.from(next, piece);
      next += some.length;
      const lines = some.filter(wanted.isWanted).map((event) => `${JSON.stringify(event)}\n`);
      if (lines.length > 0) isFull = !raw.write(lines.join(''));
    }
    // It does not read, and what it would read next is about to be forgotten.
    if (isFull && next < events.oldest) raw.destroy();
  };
  raw.on('drain', () => {
    isFull = false;
    pump();
  });
  const leave = events.listen(pump);
  raw.on('close', leave);
  pump();
}
