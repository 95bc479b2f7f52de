import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { AgentEvent, Plan, View } from '@holdfast/core';
import type { JournalEntry, Journal as JournalPort, Log } from '../index.ts';
import { pruner } from './pruneJournal.ts';

type Row = {
  id: string;
  session: string;
  cause: string;
  begunAt: number;
  endedAt: number | null;
  result: JournalEntry['result'];
};

/** The journal as the thread has it that waits for its disk. */
export type JournalFile = Pick<JournalPort, 'begin' | 'record' | 'end'> &
  Readonly<{
    find: (id: string) => JournalEntry | undefined;
    decisionOf: (id: string) => { plan: Plan; view: View } | undefined;
    list: (max: number) => readonly JournalEntry[];
    events: (since: number, max: number) => readonly AgentEvent[];
    close: () => void;
  }>;

/**
 * The journal of this node, in a file of its own: it may grow, be pruned or be lost without touching what the store
 * keeps. Entries survive the death of the process at once; a failure to write is logged and never stops a recovery.
 */
export function openJournal(given: {
  file: string;
  session: string;
  log: Log;
  keep: { days: number; megabytes: number };
}): JournalFile {
  const { file, session, log, keep } = given;
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file);
  // Held by one process alone, and said so first: SQLite would else share memory through a file beside it, and a thread
  // that waits for the disk under that memory keeps the whole process from starting any program.
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS operation (
      number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, session TEXT NOT NULL, cause TEXT NOT NULL,
      begunAt INTEGER NOT NULL, endedAt INTEGER, result TEXT NOT NULL, plan TEXT NOT NULL, view TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS event (
      number INTEGER PRIMARY KEY AUTOINCREMENT, operation TEXT, at INTEGER NOT NULL, event TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS eventOfOperation ON event (operation);
  `);
  // Whoever wrote these is dead, and nobody carries them on: the loop decided anew.
  database
    .prepare("UPDATE operation SET result = 'interrupted' WHERE result = 'running' AND session != ?")
    .run(session);
  const begin = database.prepare(
    "INSERT INTO operation (id, session, cause, begunAt, result, plan, view) VALUES (?, ?, ?, ?, 'running', ?, ?)",
  );
  const record = database.prepare('INSERT INTO event (operation, at, event) VALUES (?, ?, ?)');
  const end = database.prepare('UPDATE operation SET result = ?, endedAt = ? WHERE id = ?');
  const find = database.prepare(
    'SELECT id, session, cause, begunAt, endedAt, result FROM operation WHERE id = ?',
  );
  const list = database.prepare(
    'SELECT id, session, cause, begunAt, endedAt, result FROM operation ORDER BY number DESC LIMIT ?',
  );
  const decisionOf = database.prepare('SELECT plan, view FROM operation WHERE id = ?');
  const eventsOf = database.prepare('SELECT event FROM event WHERE operation = ? ORDER BY number');
  const eventsSince = database.prepare('SELECT event FROM event WHERE at >= ? ORDER BY number DESC LIMIT ?');
  const prune = pruner(database, keep);

  return {
    begin: ({ id, cause, at, plan, view }) =>
      survive(() => {
        begin.run(id, session, cause, at, JSON.stringify(plan), JSON.stringify(view));
        prune(at);
      }),
    record: (event) =>
      survive(() => {
        const operation = 'operation' in event ? event.operation : null;
        record.run(operation, event.at, JSON.stringify(event));
        prune(event.at);
      }),
    end: (id, result, at) => survive(() => end.run(result, at, id)),
    find: (id) => {
      const row = find.get(id) as Row | undefined;
      return row === undefined ? undefined : entryOf(row);
    },
    decisionOf: (id) => {
      const row = decisionOf.get(id) as { plan: string; view: string } | undefined;
      return row === undefined
        ? undefined
        : { plan: JSON.parse(row.plan) as Plan, view: JSON.parse(row.view) as View };
    },
    list: (max) => (list.all(max) as Row[]).map(entryOf),
    events: (since, max) =>
      (eventsSince.all(since, max) as { event: string }[])
        .map(({ event }) => JSON.parse(event) as AgentEvent)
        .reverse(),
    close: () => database.close(),
  };

  function entryOf({ endedAt, ...row }: Row): JournalEntry {
    const events = (eventsOf.all(row.id) as { event: string }[]).map(
      ({ event }) => JSON.parse(event) as AgentEvent,
    );
    const detectedAt = detected(row.id);
    return {
      ...row,
      ...(detectedAt === undefined ? {} : { detectedAt }),
      ...(endedAt === null ? {} : { endedAt }),
      events,
    };
  }

  /** When the first of the failures that an operation repairs was found, from the view that it came from. */
  function detected(id: string): number | undefined {
    const row = decisionOf.get(id) as { plan: string; view: string };
    const { steps } = JSON.parse(row.plan) as Plan;
    const { states, node } = JSON.parse(row.view) as View;
    const found = steps.flatMap(({ tag }) => {
      const failure = states[node]?.[tag]?.failure;
      return failure?.kind === 'interrupted' ? [failure.at] : [];
    });
    return found.length === 0 ? undefined : Math.min(...found);
  }

  function survive(write: () => unknown): void {
    try {
      write();
    } catch (error) {
      log.error({ event: 'journal-failed', error: String(error) }, 'the journal could not be written');
    }
  }
}
