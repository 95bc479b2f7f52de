import { readFile } from 'node:fs/promises';
import type { AbortStep, KitCall } from '@holdfast/kit';
import { findServer } from './findServer.ts';
import type { Settings } from './settings.ts';

/**
 * An immediate shutdown as data: the log brings back what was committed. Whoever runs it knows nothing of PostgreSQL,
 * and the number of the postmaster may be another's by then. So it is met only where number, account and the whole
 * command line agree, with the data directory in it. A server that does not hear is killed, its children first: a
 * child that is busy would go on writing without it.
 */
export async function abort({ settings }: KitCall<Settings>): Promise<readonly AbortStep[]> {
  const { dataDirectory } = settings;
  const { postmaster } = await findServer(dataDirectory);
  if (postmaster === undefined) return [];
  const [commandLine, account] = await Promise.all([
    readFile(`/proc/${postmaster.pid}/cmdline`, 'utf8').catch(() => ''),
    uidOf(postmaster.pid),
  ]);
  if (commandLine === '' || account === undefined) return [];
  const itself = [
    ...['--uid', account, '--pidfile', `${dataDirectory}/postmaster.pid`],
    ...['--full', asPattern(commandLine)],
  ];
  const children = ['--uid', account, '--parent', String(postmaster.pid), '--exact', 'postgres'];
  return [
    { argv: ['pkill', '--signal', 'QUIT', ...itself], budgetMs: 150 },
    { argv: ['pidwait', ...itself], budgetMs: 400 },
    { argv: ['pkill', '--signal', 'KILL', ...children], budgetMs: 150 },
    { argv: ['pkill', '--signal', 'KILL', ...itself], budgetMs: 150 },
  ];
}

async function uidOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return /^Uid:\s+(\d+)/m.exec(status)?.[1];
}

/** The whole command line as pkill sees it, with blanks between the words, as an extended regular expression. */
function asPattern(commandLine: string): string {
  const shown = commandLine.replace(/\0+$/, '').replaceAll('\0', ' ');
  return `^${shown.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')}$`;
}
