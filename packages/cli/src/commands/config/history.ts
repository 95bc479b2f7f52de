import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { sayTime } from '../../text/sayTime.ts';
import { showTable } from '../../text/showTable.ts';

export async function history(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast config history', (parser) =>
    parser
      .usage(
        'Usage: holdfast config history\n\nLists the generations of the configuration, the newest first.',
      )
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.generations/1' })
      .example('holdfast config history', 'Who changed it, and when?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const isJson = parsed.options.json === true;
  const answer = await around.asked.connect().configurations();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { configurations } = answer.value;
  if (isJson)
    around.out.print(JSON.stringify({ schema: 'holdfast.generations/1', generations: configurations }));
  else if (configurations.length === 0) around.out.print('nothing was applied yet');
  else
    around.out.print(
      ...showTable(
        [{ title: 'GENERATION' }, { title: 'APPLIED', least: 20 }, { title: 'BY' }],
        configurations.map(({ generation, at, by }) => [String(generation), sayTime(at), by]),
        around.out.width,
      ),
    );
  return exitCodes.done;
}
