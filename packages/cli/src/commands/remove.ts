import type { ExitCode } from '../exitCodes.ts';
import { askThenPerform } from '../follow/askThenPerform.ts';
import { parse } from '../program/parse.ts';
import { restOf } from '../program/restOf.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function remove(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast remove', (parser) =>
    parser
      .usage(
        'Usage: holdfast remove TAG [--only | --whole] [-- ARG...]\n\n' +
          'Takes a resource out of service: first all that rests on it, then the resource.\n' +
          'What it needs stays in service.',
      )
      .command('$0 <tag>', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'The resource' })
      .option('only', { type: 'boolean', describe: 'TAG alone; refused while something that needs it is up' })
      .option('whole', { type: 'boolean', describe: 'All that it needs as well' })
      .conflicts('only', 'whole')
      .option('dry-run', { type: 'boolean', describe: 'Show the steps and the reasons, do nothing' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask before something goes down' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'A line of JSON for each event, holdfast.event/1' })
      .example('holdfast remove mail', 'Take mail out of service')
      .example('holdfast remove mail-disk --dry-run', 'What would go down with the disk?')
      .example('holdfast remove mail --whole', 'Take mail out, and all that it needs'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const {
    tag,
    only = false,
    whole = false,
    'dry-run': dryRun = false,
    json: isJson = false,
  } = parsed.options;
  const client = around.asked.connect();
  return askThenPerform(
    { around, client, isJson, yes: parsed.options.yes === true },
    {
      action: 'remove',
      tag,
      reach: only ? 'only' : whole ? 'whole' : 'above',
      dryRun,
      args: restOf(parsed.options),
      by: around.by,
    },
  );
}
