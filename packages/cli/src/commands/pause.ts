import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { misused, parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { sayTime } from '../text/sayTime.ts';
import { wrap } from '../text/wrap.ts';
import { readScope } from './readScope.ts';

export async function pause(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast pause', (parser) =>
    parser
      .usage(
        'Usage: holdfast pause TAG [--hierarchy] | --node\n\n' +
          'Pauses the protection of a resource, for maintenance: what serves goes on serving, no\n' +
          'check acts on it, and nothing of it is started, until holdfast resume or the time.',
      )
      .command('$0 [tag]', false, (inner) => inner.positional('tag', { type: 'string' }))
      .option('hierarchy', { type: 'boolean', describe: 'All of its hierarchy' })
      .option('node', { type: 'boolean', describe: 'Everything on this node' })
      .option('for', {
        type: 'string',
        requiresArg: true,
        describe: 'Protection returns by itself after a span such as 30m',
      })
      .option('why', { type: 'string', requiresArg: true, describe: 'For those who see it in the status' })
      .option('dry-run', { type: 'boolean', describe: 'Show what would be paused, pause nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.pause/1' })
      .example('holdfast pause mail --for 30m --why "new disk"', 'Work on mail for half an hour'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const options = parsed.options as {
    tag?: string;
    hierarchy?: boolean;
    node?: boolean;
    for?: string;
    why?: string;
    'dry-run'?: boolean;
    json?: boolean;
  };
  const scope = readScope(options);
  if (scope === undefined) return misused(around, 'holdfast pause', 'name a tag, or --node').exitCode;
  const until = options.for === undefined ? undefined : await endOf(options.for, around.now());
  if (Number.isNaN(until))
    return misused(around, 'holdfast pause', `--for ${options.for} is not a span such as 30m`).exitCode;
  const dryRun = options['dry-run'] === true;
  const answer = await around.asked.connect().pause({
    ...scope,
    why: options.why ?? '',
    dryRun,
    by: around.by,
    ...(until === undefined ? {} : { until }),
  });
  const isJson = options.json === true;
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { tags } = answer.value;
  const end = until === undefined ? 'until holdfast resume' : `until ${sayTime(until)}`;
  const json = { schema: 'holdfast.pause/1', tags, until: until ?? null, dryRun };
  if (isJson) around.out.print(JSON.stringify(json));
  else
    around.out.print(
      ...wrap(`${dryRun ? 'would be paused' : 'paused'} ${end}: ${tags.join(', ')}`, {
        first: '',
        width: around.out.width,
        hang: 2,
      }),
      ...(dryRun
        ? wrap(
            'Will not happen meanwhile: a check that acts, an answer to a failure, a start of any of it. Nothing was changed.',
            { first: '', width: around.out.width },
          )
        : []),
    );
  return exitCodes.done;
}

async function endOf(span: string, now: number): Promise<number> {
  const { parseDuration } = await import('@holdfast/core');
  return now + (parseDuration(span) ?? Number.NaN);
}
