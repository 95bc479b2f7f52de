import type { ExitCode } from '../exitCodes.ts';
import { performCheck } from '../follow/performCheck.ts';
import { parse } from '../program/parse.ts';
import { restOf } from '../program/restOf.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function check(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast check', (parser) =>
    parser
      .usage(
        'Usage: holdfast check TAG [--deep] [-- ARG...]\n\n' +
          'Checks a resource once, now, and says what was found. It changes nothing, also\n' +
          'when the resource is found failed: what the agent does, it does by its own checks.',
      )
      .command('$0 <tag>', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'The resource' })
      .option('deep', { type: 'boolean', describe: 'The deep check, which looks closer and takes longer' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.result/1' })
      .example('holdfast check mail', 'Is it well?')
      .example('holdfast check mail --deep', 'Is it really well?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, deep = false, json: isJson = false } = parsed.options;
  const client = around.asked.connect();
  const action = deep ? 'deepCheck' : 'quickCheck';
  return performCheck({ around, client, isJson }, { tag, action, args: restOf(parsed.options) });
}
