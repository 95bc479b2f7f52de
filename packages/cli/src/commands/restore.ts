import type { ExitCode } from '../exitCodes.ts';
import { askThenPerform } from '../follow/askThenPerform.ts';
import { parse } from '../program/parse.ts';
import { restOf } from '../program/restOf.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function restore(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast restore', (parser) =>
    parser
      .usage(
        'Usage: holdfast restore TAG [--only] [-- ARG...]\n\n' +
          'Brings a resource into service on this node: first all that it needs, then the\n' +
          'resource, then what is above it. What runs already is left as it is.',
      )
      .command('$0 <tag>', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'The resource' })
      .option('only', { type: 'boolean', describe: 'TAG and what it needs, and nothing above it' })
      .option('stay', { type: 'boolean', describe: 'Refuse when it is in service on another node' })
      .option('dry-run', { type: 'boolean', describe: 'Show the steps and the reasons, do nothing' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask before something goes down' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'A line of JSON for each event, holdfast.event/1' })
      .example('holdfast restore mail', 'Bring mail into service')
      .example('holdfast restore mail --dry-run', 'What would happen, in which order, and why'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, only = false, stay = false, 'dry-run': dryRun = false, json: isJson = false } = parsed.options;
  const client = around.asked.connect();
  return askThenPerform(
    { around, client, isJson, yes: parsed.options.yes === true },
    {
      action: 'restore',
      tag,
      parents: !only,
      refuseIfElsewhere: stay,
      dryRun,
      args: restOf(parsed.options),
      by: around.by,
    },
  );
}
