import { readdir, readFile } from 'node:fs/promises';

export type Usage = Readonly<{ cpuMs: number; memoryMb: number; wakeUps: number }>;

/**
 * What a process has used so far, from /proc: ticks of 10 ms in user and kernel mode, resident memory, and how often
 * one of its threads gave the processor up and was woken again. Children that it has waited for count as processor.
 */
export async function usageOf(pid: number): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  const memoryKb = await numberIn(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m);
  let wakeUps = 0;
  for (const thread of await readdir(`/proc/${pid}/task`))
    wakeUps += await numberIn(`/proc/${pid}/task/${thread}/status`, /^voluntary_ctxt_switches:\s+(\d+)$/m);
  return { cpuMs: ticks * 10, memoryMb: memoryKb / 1024, wakeUps };
}

/** A thread that has just ended has no file any more. */
async function numberIn(path: string, pattern: RegExp): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return Number(pattern.exec(text)?.[1] ?? 0);
}
