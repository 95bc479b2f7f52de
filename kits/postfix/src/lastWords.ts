import { open, stat } from 'node:fs/promises';
import type { Configuration } from './readConfiguration.ts';
import type { Settings } from './settings.ts';

const readBytes = 16_384;
const keptLines = 3;

/** Where the words of Postfix go: it says next to nothing to whoever starts it. */
export function logFileOf(settings: Settings, { logFile }: Pick<Configuration, 'logFile'>): string {
  return logFile.startsWith('/') && !logFile.startsWith('/dev/') ? logFile : settings.logFile;
}

export async function sizeOf(log: string): Promise<number> {
  return (await stat(log).catch(() => undefined))?.size ?? 0;
}

/** What went wrong since the log had so many bytes, in Postfix's own words; empty when it does not say. */
export async function lastWords(log: string, from: number): Promise<string> {
  const file = await open(log, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const begin = Math.max(from <= size ? from : 0, size - readBytes);
    const buffer = Buffer.alloc(size - begin);
    await file.read(buffer, 0, buffer.length, begin);
    const lines = buffer.toString().split('\n');
    const grave = lines.filter((line) => /\b(fatal|panic|error):/.test(line));
    const chosen = grave.length > 0 ? grave : lines.filter((line) => /\bwarning:/.test(line));
    const words = chosen.map((line) => line.replace(/^.*?(?=postfix[\w./-]*\[\d+\]:)/, '').trim());
    return [...new Set(words)].slice(-keptLines).join(' | ');
  } finally {
    await file.close();
  }
}
