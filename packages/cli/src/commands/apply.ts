import { applyDocument } from '../document/applyDocument.ts';
import { readInput, withDashNamed } from '../document/readInput.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportProblems } from '../problems/reportProblems.ts';
import { askFirst, isAsked } from '../program/askFirst.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function apply(around: Surroundings): Promise<ExitCode> {
  const parsed = await parseApply(withDashNamed(around));
  if (!parsed.ok) return parsed.exitCode;
  const { FILE: file, 'dry-run': dryRun = false, json: isJson = false, yes = false } = parsed.options;

  const yaml = await readInput(file, around);
  if (!yaml.ok)
    return reportProblems(around, {
      problems: yaml.problems,
      isJson,
      exitCode: exitCodes.failed,
      ending: 'nothing was changed',
    });
  const client = around.asked.connect();
  const codes = { differs: exitCodes.done, refused: exitCodes.failed };
  const job = { around, client, document: yaml.value, placeOf: yaml.placeOf, isJson, codes };
  if (dryRun || !isAsked(around, { yes, isJson })) return applyDocument(job, dryRun);
  const shown = await applyDocument(job, true);
  if (shown !== exitCodes.done) return shown;
  if (await askFirst(around, { question: 'Apply this?', yes, isJson }))
    return applyDocument(job, false, true);
  around.out.print('nothing was changed');
  return exitCodes.failed;
}

function parseApply(around: Surroundings) {
  return parse(around, 'holdfast apply', (parser) =>
    parser
      .usage(
        'Usage: holdfast apply FILE\n\n' +
          'Shows what the configuration in FILE (- for standard input) changes, and makes\n' +
          'it the one in force. Nothing is started: a new resource is out of service until\n' +
          'it is restored. A change that would forget a resource in service is refused.\n' +
          'On a terminal it asks first.',
      )
      .command('$0 <FILE>', false)
      .positional('FILE', { type: 'string', demandOption: true, describe: 'A YAML document' })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask' })
      .example('holdfast apply hierarchy.yaml', 'Show the difference and apply it')
      .example('holdfast export | holdfast apply -', 'Changes nothing'),
  );
}
