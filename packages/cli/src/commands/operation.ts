import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { showTimeline } from '../history/showTimeline.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function operation(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast operation', (parser) =>
    parser
      .usage('Usage: holdfast operation ID\n\nThe timeline of an operation: detected, decided, each step.')
      .command('$0 <id>', false, (inner) => inner.positional('id', { type: 'string', demandOption: true }))
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.operation/1' })
      .example('holdfast operation 3f2a9c01-7', 'ID as holdfast history prints it'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { id, json: isJson = false } = parsed.options as { id?: string; json?: boolean };
  const answer = await around.asked.connect().operation(String(id));
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.operation/1', ...answer.value }));
  else around.out.print(...showTimeline(answer.value, around.out.width));
  return exitCodes.done;
}
