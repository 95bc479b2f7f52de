import { stringify } from 'yaml';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function exportDocument(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast export', (parser) =>
    parser
      .usage(
        'Usage: holdfast export\n\n' +
          'Prints the configuration that is in force as YAML, ready for holdfast apply.',
      )
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.configuration/1' })
      .example('holdfast export > hierarchy.yaml', 'Keep it, or edit it'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const isJson = parsed.options.json === true;
  const answer = await around.asked.connect().configuration();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { generation, document } = answer.value;
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.configuration/1', generation, document }));
  // What was written stays as it was written: no lines are folded, and lists and maps are in block form.
  else if (generation === 0) around.err.print('nothing was applied yet');
  else around.out.print(`# generation ${generation}`, stringify(document, { lineWidth: 0 }).trimEnd());
  return exitCodes.done;
}
