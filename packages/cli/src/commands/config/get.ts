import { stringify } from 'yaml';
import { followPath, isPart, valueAt } from '../../document/paths.ts';
import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { refuse } from '../../problems/refuse.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export async function get(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast config get', (parser) =>
    parser
      .usage(
        'Usage: holdfast config get PATH\n\n' +
          'Prints one part of the document in force, as it was written. What was not written\n' +
          'is not there: holdfast policy show tells the values that come from elsewhere.',
      )
      .command('$0 <path>', false)
      .positional('path', { type: 'string', demandOption: true, describe: 'Names with dots between them' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.value/1' })
      .example('holdfast config get resources.mail', 'How mail is written there')
      .example('holdfast config get nodes.0', 'The first node'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { path, json: isJson = false } = parsed.options;
  const answer = await around.asked.connect().configuration();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { document, generation } = answer.value;
  const { found, left } = followPath(document ?? {}, path);
  if (left !== '') return refuse(around, { ...(await nothingThere(document, found, left, path)), isJson });
  const value = valueAt(document, found);
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.value/1', generation, path, value }));
  else
    around.out.print(
      typeof value === 'object' && value !== null
        ? stringify(value, { lineWidth: 0 }).trimEnd()
        : String(value),
    );
  return exitCodes.done;
}

async function nothingThere(document: unknown, found: readonly string[], left: string, path: string) {
  const { nearest } = await import('@holdfast/core');
  const around = valueAt(document, found);
  const names = isPart(around) ? Object.keys(around) : [];
  const guess = nearest(left.split('.')[0]!, names);
  const place = found.length === 0 ? 'the document' : found.join('.');
  return {
    code: 'NOTHING_THERE',
    path,
    what: `The configuration has nothing at ${path}`,
    why:
      names.length === 0
        ? `${place} has no parts`
        : `${place} has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', ...' : ''}`,
    todo:
      guess === undefined
        ? 'look at all of it with holdfast config show'
        : `did you mean ${[...found, guess].join('.')}?`,
  };
}
