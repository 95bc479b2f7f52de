import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { showHistory } from '../history/showHistory.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { misused, parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function history(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast history', (parser) =>
    parser
      .usage(
        'Usage: holdfast history [--since TIME]\n\nWhat was done on this node and why, the newest first.',
      )
      .option('since', {
        type: 'string',
        requiresArg: true,
        describe: 'A span such as 30m or 2h, or a time such as 2026-01-31T22:00:00Z',
      })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.history/1' })
      .example('holdfast history --since 12h', 'What happened in the night?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { since, json: isJson = false } = parsed.options;
  const from = since === undefined ? 0 : await readSince(since, around.now());
  if (from === undefined)
    return misused(around, 'holdfast history', `--since ${since} is neither a span nor a time`).exitCode;
  const answer = await around.asked.connect().operations();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const operations = answer.value.operations.filter(({ begunAt }) => begunAt >= from);
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.history/1', operations }));
  else around.out.print(...showHistory(operations, around.out.width));
  return exitCodes.done;
}

async function readSince(text: string, now: number): Promise<number | undefined> {
  const { parseDuration } = await import('@holdfast/core');
  const span = parseDuration(text);
  if (span !== undefined) return now - span;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
