import { stringify } from 'yaml';
import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { misused, parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { readGeneration } from './readGeneration.ts';

export async function show(around: Surroundings): Promise<ExitCode> {
  const name = 'holdfast config show';
  const parsed = await parse(around, name, (parser) =>
    parser
      .usage(
        'Usage: holdfast config show [GENERATION]\n\n' +
          'Prints the document in force, or an earlier one, as YAML for holdfast apply.',
      )
      .command('$0 [generation]', false)
      .positional('generation', { type: 'string', describe: 'A number of holdfast config history' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.configuration/1' })
      .example('holdfast config show', 'What is in force')
      .example('holdfast config show 7', 'What was in force then'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { generation: asked, json: isJson = false } = parsed.options;
  const client = around.asked.connect();
  const number = asked === undefined ? undefined : readGeneration(asked);
  if (Number.isNaN(number))
    return misused(around, name, `${asked} is not the number of a generation`).exitCode;
  const answer = await (number === undefined ? client.configuration() : client.configurationOf(number));
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { generation, document } = answer.value;
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.configuration/1', generation, document }));
  else if (generation === 0) around.err.print('nothing was applied yet');
  else around.out.print(`# generation ${generation}`, stringify(document, { lineWidth: 0 }).trimEnd());
  return exitCodes.done;
}
