import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function replay(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast replay', (parser) =>
    parser
      .usage(
        'Usage: holdfast replay ID\n\n' +
          'Decides again about what an operation came from, by the rules of the agent that runs\n' +
          'now, and shows any difference. Does nothing.',
      )
      .command('$0 <id>', false, (inner) => inner.positional('id', { type: 'string', demandOption: true }))
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.replay/1' })
      .example('holdfast replay 3f2a9c01-7', 'Would it be done the same way today?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { id, json: isJson = false } = parsed.options as { id?: string; json?: boolean };
  const answer = await around.asked.connect().replay(String(id));
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { isSame, onlyThen, onlyNow, generation } = answer.value;
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.replay/1', ...answer.value }));
  else if (isSame) around.out.print(`${id} would be decided the same way (configuration ${generation})`);
  else {
    around.out.print(`${id} would be decided another way (configuration ${generation})`);
    around.out.print(
      ...onlyThen.map((step) => `  then  ${step}`),
      ...onlyNow.map((step) => `  now   ${step}`),
    );
  }
  return isSame ? exitCodes.done : exitCodes.failed;
}
