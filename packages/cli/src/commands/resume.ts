import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { misused, parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { wrap } from '../text/wrap.ts';
import { readScope } from './readScope.ts';

export async function resume(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast resume', (parser) =>
    parser
      .usage(
        'Usage: holdfast resume TAG [--hierarchy] | --node\n\n' +
          'Gives protection back. Each resource is looked at first: what runs is taken over as it\n' +
          'is, what is wanted and does not run is brought into service.',
      )
      .command('$0 [tag]', false, (inner) => inner.positional('tag', { type: 'string' }))
      .option('hierarchy', { type: 'boolean', describe: 'All of its hierarchy' })
      .option('node', { type: 'boolean', describe: 'Everything on this node' })
      .option('dry-run', { type: 'boolean', describe: 'Show what would be resumed, resume nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.resume/1' })
      .example('holdfast resume mail', 'The work on mail is done'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const options = parsed.options as {
    tag?: string;
    hierarchy?: boolean;
    node?: boolean;
    'dry-run'?: boolean;
    json?: boolean;
  };
  const scope = readScope(options);
  if (scope === undefined) return misused(around, 'holdfast resume', 'name a tag, or --node').exitCode;
  const isJson = options.json === true;
  const dryRun = options['dry-run'] === true;
  const answer = await around.asked.connect().resume({
    ...scope,
    dryRun,
    by: around.by,
  });
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { tags } = answer.value;
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.resume/1', tags, dryRun }));
  else if (tags.length === 0) around.out.print('nothing to do: it was not paused');
  else
    around.out.print(
      ...wrap(`${dryRun ? 'would be resumed' : 'resumed'}: ${tags.join(', ')}`, {
        first: '',
        width: around.out.width,
        hang: 2,
      }),
      ...(dryRun
        ? wrap(
            'Each is looked at first: what runs is taken over as it is, what is wanted and does not run is brought into service. Nothing was changed.',
            { first: '', width: around.out.width },
          )
        : []),
    );
  return exitCodes.done;
}
