import { pino } from 'pino';
import type { Log } from '../../index.ts';
import type { AgentSettings } from '../agentSettings.ts';
import { BoundedLines } from './boundedLines.ts';
import { type LogRecord, plainLine } from './plainLine.ts';
import { rotatedFile } from './rotatedFile.ts';
import { standardOutput } from './standardOutput.ts';

type Settings = Pick<AgentSettings, 'node' | 'logLevel' | 'logFormat' | 'logFile'>;

/**
 * The log, to standard output and to a file. Neither may hold up the loop, so both are written beside it: a death of
 * the process without a word takes with it what was logged in its last moment, most often nothing. The journal, which
 * is written before anything is done, has it all the same.
 */
export function openLog(
  { node, logLevel, logFormat, logFile }: Settings,
  file: string,
): Readonly<{ log: Log; settle: (withinMs: number) => Promise<void> }> {
  const lost = (count: number, why: string): string =>
    render({
      level: 40,
      time: now(),
      event: 'log-lost',
      node,
      count,
      msg: `lines of the log were lost: ${why}`,
    });
  const output = new BoundedLines(standardOutput, lost);
  const kept =
    logFile === false
      ? undefined
      : new BoundedLines(
          rotatedFile(file, { maxBytes: logFile.maxMb * 1024 * 1024, keep: logFile.keep }).write,
          (count, why) => stamped(lost(count, why), now()),
        );

  const log = pino(
    { level: logLevel, base: { node }, timestamp: () => `,"time":"${now()}"` },
    {
      write: (line) => {
        const said = logFormat === 'json' ? line : render(JSON.parse(line) as LogRecord);
        output.write(said);
        kept?.write(stamped(said, now()));
      },
    },
  );
  return {
    log,
    settle: async (withinMs) => {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, withinMs);
      await Promise.race([Promise.all([output.settled(), kept?.settled()]), late.promise]);
      clearTimeout(timer);
    },
  };

  function render(record: LogRecord): string {
    return logFormat === 'json' ? `${JSON.stringify(record)}\n` : `${plainLine(record)}\n`;
  }

  /** What journald adds to a plain line, a file has to be given. */
  function stamped(line: string, at: string): string {
    return logFormat === 'json' ? line : `${at} ${node} holdfast[${process.pid}]: ${line}`;
  }
}

function now(): string {
  return new Date().toISOString();
}
