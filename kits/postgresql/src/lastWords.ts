import { open } from 'node:fs/promises';

const readBytes = 16_384;
const keptLines = 4;

/** What the server said since the log had so many bytes: its last errors, else its last lines. */
export async function lastWords(log: string, from: number): Promise<string> {
  const file = await open(log, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const begin = Math.max(from, size - readBytes);
    const buffer = Buffer.alloc(Math.max(0, size - begin));
    await file.read(buffer, 0, buffer.length, begin);
    const lines = buffer
      .toString()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const fatal = lines.findLastIndex((line) => /\b(FATAL|PANIC):/.test(line));
    // What led to it stands before it, hints stand behind it.
    const chosen =
      fatal === -1 ? lines.slice(-keptLines) : lines.slice(Math.max(0, fatal - 2), fatal + keptLines - 2);
    return chosen.map(withoutTime).join(' | ');
  } finally {
    await file.close();
  }
}

function withoutTime(line: string): string {
  return line.replace(/^.*?\b(?=(LOG|FATAL|PANIC|ERROR|WARNING|HINT|DETAIL|STATEMENT):)/, '');
}
