import type { DatabaseSync } from 'node:sqlite';

const dayMs = 86_400_000;
/** Pruning reads the size of the file and deletes by an index, but not with each of a thousand events. */
const everyWrites = 100;

/**
 * Forgets the oldest entries of the journal: those past their age, and a quarter when it grew too large. The age counts
 * from the time at which it pruned before: one event with the time of a clock that jumped ahead takes nothing with it.
 */
export function pruner(
  database: DatabaseSync,
  keep: Readonly<{ days: number; megabytes: number }>,
): (at: number) => void {
  database.exec(`
    CREATE INDEX IF NOT EXISTS eventByTime ON event (at);
    CREATE INDEX IF NOT EXISTS operationByTime ON operation (begunAt);
  `);
  const bytes = database.prepare(
    `SELECT (page_count - freelist_count) * page_size AS used
     FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`,
  );
  const oldEvents = database.prepare('DELETE FROM event WHERE at < ?');
  const oldOperations = database.prepare("DELETE FROM operation WHERE begunAt < ? AND result != 'running'");
  const firstEvents = database.prepare(
    'DELETE FROM event WHERE number <= (SELECT MIN(number) + (MAX(number) - MIN(number)) / 4 FROM event)',
  );
  const firstOperations = database.prepare(
    `DELETE FROM operation WHERE result != 'running'
     AND number <= (SELECT MIN(number) + (MAX(number) - MIN(number)) / 4 FROM operation)`,
  );
  let writes = 0;
  let before = 0;
  return (at) => {
    if (writes++ % everyWrites > 0) return;
    const now = Math.min(at, before);
    before = at;
    oldEvents.run(now - keep.days * dayMs);
    oldOperations.run(now - keep.days * dayMs);
    const { used } = bytes.get() as { used: number };
    if (used <= keep.megabytes * 1_048_576) return;
    firstEvents.run();
    firstOperations.run();
  };
}
