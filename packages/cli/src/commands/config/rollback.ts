import { changeDocument } from '../../document/changeDocument.ts';
import { isPart } from '../../document/paths.ts';
import type { ExitCode } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { misused, parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { readGeneration } from './readGeneration.ts';

export async function rollback(around: Surroundings): Promise<ExitCode> {
  const name = 'holdfast config rollback';
  const parsed = await parse(around, name, (parser) =>
    parser
      .usage(
        'Usage: holdfast config rollback GENERATION\n\n' +
          'Applies an earlier document anew, by the rules of holdfast apply: it becomes a new\n' +
          'generation, and what is in service is not forgotten.',
      )
      .command('$0 <generation>', false)
      .positional('generation', {
        type: 'string',
        demandOption: true,
        describe: 'A number of holdfast config history',
      })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast config rollback 7 --dry-run', 'What would going back change?')
      .example('holdfast config rollback 7', 'Go back'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { generation, 'dry-run': dryRun = false, json: isJson = false } = parsed.options;
  const number = readGeneration(generation);
  if (Number.isNaN(number))
    return misused(around, name, `${generation} is not the number of a generation`).exitCode;
  const earlier = await around.asked.connect().configurationOf(number);
  if (!earlier.ok)
    return reportTrouble(around, { trouble: earlier.trouble, isJson, ending: 'nothing was changed' });
  return changeDocument(around, {
    isJson,
    dryRun,
    edit: (document) => {
      for (const key of Object.keys(document)) delete document[key];
      if (isPart(earlier.value.document)) Object.assign(document, earlier.value.document);
      return [];
    },
  });
}
