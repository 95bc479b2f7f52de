import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import {
  type Changes,
  type ClusterStore,
  type Committed,
  type Entry,
  holds,
  type Snapshot,
  StoreInUse,
  type Transaction,
} from '../src/index.ts';
import { Watchers } from './watchers.ts';

export type EmbeddedStoreOptions = Readonly<{
  /** The database file; made, readable by its owner alone, when it is not there. */
  file: string;
  /** So many revisions back a watch can begin. */
  historyMax?: number;
}>;

/**
 * The store of a single node: one SQLite file. It is held by one process at a time, and the kernel lets go of it
 * when that process ends, however it ends. Throws `StoreInUse` when another has it.
 */
export function openEmbeddedStore({ file, historyMax = 10_000 }: EmbeddedStoreOptions): ClusterStore {
  // Made before SQLite makes it, so that at no moment others can read what is kept in it.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = openExclusively(file);
  database.exec(`
    CREATE TABLE IF NOT EXISTS current (key TEXT PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS history (revision INTEGER NOT NULL, key TEXT NOT NULL, value TEXT, PRIMARY KEY (revision, key)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS position (only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL, compacted INTEGER NOT NULL);
    INSERT OR IGNORE INTO position VALUES (1, 0, 0);
  `);
  const statements = prepare(database);
  const watchers = new Watchers({ since, position: () => position() });
  let durability: 'now' | 'soon' = 'now';

  return { read, transact, watch: (prefix, after, signal) => watchers.watch(prefix, after, signal), close };

  async function read(prefix: string): Promise<Snapshot> {
    return { revision: position().revision, entries: entriesBelow(prefix) };
  }

  async function transact(transaction: Transaction): Promise<Committed> {
    setDurability(transaction.durable ?? 'now');
    database.exec('BEGIN IMMEDIATE');
    try {
      const conflicts = transaction.when
        .map((condition) => ({ condition, entry: entryOf(condition.key) }))
        .filter(({ condition, entry }) => !holds(condition, entry))
        .map(({ condition, entry }) => ({ key: condition.key, revision: entry?.revision ?? 0 }));
      if (conflicts.length > 0) {
        const standing = alsoRead(transaction.read);
        database.exec('ROLLBACK');
        return { ok: false, conflicts, ...standing };
      }
      const revision = position().revision + 1;
      for (const { key, value } of transaction.write) put(key, value, revision);
      const compacted = Math.max(position().compacted, revision - historyMax);
      statements.advance.run(revision, compacted);
      statements.forget.run(compacted);
      const written = alsoRead(transaction.read);
      database.exec('COMMIT');
      watchers.wake();
      return { ok: true, revision, ...written };
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  async function close(): Promise<void> {
    watchers.close();
    if (database.isOpen) database.close();
  }

  function put(key: string, value: unknown, revision: number): void {
    const text = value === undefined ? null : JSON.stringify(value);
    if (text === null) statements.drop.run(key);
    else statements.put.run(key, text, revision);
    statements.remember.run(revision, key, text);
  }

  function entryOf(key: string): Entry | undefined {
    const row = statements.one.get(key) as Row | undefined;
    return row === undefined ? undefined : toEntry(row);
  }

  function entriesBelow(prefix: string): readonly Entry[] {
    return Array.from(statements.range.all(prefix, afterPrefix(prefix)) as Row[], toEntry);
  }

  function alsoRead(prefixes: readonly string[] | undefined): { entries?: readonly Entry[] } {
    return prefixes === undefined ? {} : { entries: prefixes.flatMap(entriesBelow) };
  }

  function position(): { revision: number; compacted: number } {
    return statements.position.get() as { revision: number; compacted: number };
  }

  function since(prefix: string, after: number): readonly Changes[] {
    const rows = statements.since.all(after, prefix, afterPrefix(prefix)) as {
      revision: number;
      key: string;
      value: string | null;
    }[];
    const byRevision = new Map<number, Entry[]>();
    for (const { revision, key, value } of rows) {
      const entry = { key, value: value === null ? undefined : JSON.parse(value), revision };
      byRevision.set(revision, [...(byRevision.get(revision) ?? []), entry]);
    }
    return [...byRevision].map(([revision, entries]) => ({ revision, entries }));
  }

  /** A write-ahead log is synced at each commit only when asked: a later `now` carries all earlier `soon` with it. */
  function setDurability(wanted: 'now' | 'soon'): void {
    if (wanted === durability) return;
    database.exec(`PRAGMA synchronous = ${wanted === 'now' ? 'FULL' : 'NORMAL'}`);
    durability = wanted;
  }
}

function openExclusively(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // Exclusive before WAL: the lock is then taken at the first access and held until the process ends.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === 5) {
      throw new StoreInUse(`another process has ${file} open: one agent serves a node`, { cause: error });
    }
    throw error;
  }
}

function prepare(database: DatabaseSync) {
  return {
    range: database.prepare(
      'SELECT key, value, revision FROM current WHERE key >= ? AND key < ? ORDER BY key',
    ),
    one: database.prepare('SELECT key, value, revision FROM current WHERE key = ?'),
    put: database.prepare(
      'INSERT INTO current VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = excluded.revision',
    ),
    drop: database.prepare('DELETE FROM current WHERE key = ?'),
    remember: database.prepare('INSERT OR REPLACE INTO history VALUES (?, ?, ?)'),
    since: database.prepare(
      'SELECT revision, key, value FROM history WHERE revision > ? AND key >= ? AND key < ? ORDER BY revision, key',
    ),
    forget: database.prepare('DELETE FROM history WHERE revision <= ?'),
    position: database.prepare('SELECT revision, compacted FROM position'),
    advance: database.prepare('UPDATE position SET revision = ?, compacted = ?'),
  };
}

type Row = { key: string; value: string; revision: number };

function toEntry({ key, value, revision }: Row): Entry {
  return { key, value: JSON.parse(value), revision };
}

/** The first text after all that begin with the prefix; SQLite compares the bytes of UTF-8. */
function afterPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
