import { statfs } from 'node:fs/promises';
import type { Condition } from '@holdfast/kit';

/** A segment of the write-ahead log, as it is where nobody chose another size. */
const segmentBytes = 16 * 1024 * 1024;

/** What is about to be full. PostgreSQL panics when it cannot make another segment of its log. */
export async function findRoom(dataDirectory: string): Promise<readonly Condition[]> {
  const conditions: Condition[] = [];
  const places = [`${dataDirectory}/pg_wal`, dataDirectory];
  const rooms = await Promise.all(places.map((place) => statfs(place).catch(() => undefined)));
  for (const [at, place] of places.entries()) {
    const room = rooms[at];
    if (room === undefined || room.bavail * room.bsize >= segmentBytes) continue;
    const says = `the file system of ${place} has ${Math.round((room.bavail * room.bsize) / 1024 / 1024)} MB left, less than one segment of the log: the server ends when it needs one; on another node it would be as full`;
    conditions.push({ code: 'disk-full', says });
    break;
  }
  return conditions;
}
