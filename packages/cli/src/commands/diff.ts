import { applyDocument } from '../document/applyDocument.ts';
import { readInput, withDashNamed } from '../document/readInput.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportProblems } from '../problems/reportProblems.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

/** What apply would change, for eyes and for scripts. */
export async function diff(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(withDashNamed(around), 'holdfast diff', (parser) =>
    parser
      .usage(
        'Usage: holdfast diff FILE\n\n' +
          'Shows what holdfast apply would change with the configuration in FILE (- for\n' +
          'standard input). Ends with 0 when nothing differs, with 1 when something does,\n' +
          'and with 2 when the configuration would be refused.',
      )
      .command('$0 <FILE>', false)
      .positional('FILE', { type: 'string', demandOption: true, describe: 'A YAML document' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast diff hierarchy.yaml', 'What would be changed?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { FILE: file, json: isJson = false } = parsed.options;
  const yaml = await readInput(file, around);
  if (!yaml.ok) {
    const ending = 'nothing was compared';
    return reportProblems(around, { problems: yaml.problems, isJson, exitCode: exitCodes.usage, ending });
  }
  return applyDocument(
    {
      around,
      client: around.asked.connect(),
      document: yaml.value,
      placeOf: yaml.placeOf,
      isJson,
      codes: { differs: exitCodes.failed, refused: exitCodes.usage },
    },
    true,
  );
}
