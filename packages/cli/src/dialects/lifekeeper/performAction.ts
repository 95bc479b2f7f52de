import type { ExitCode } from '../../exitCodes.ts';
import { misused, parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { performOther } from './performOther.ts';
import { toRequest } from './toRequest.ts';

export async function performAction(around: Surroundings): Promise<ExitCode> {
  const parsed = await parsePerformAction(around);
  if (!parsed.ok) return parsed.exitCode;
  const { options } = parsed;
  const isJson = options.json === true;
  const asked = toRequest({
    tag: options.t,
    action: options.a,
    isNarrow: options.s === true,
    isWhole: options.b === true,
    refuseIfElsewhere: options.n === true,
    dryRun: options['dry-run'] === true,
    skipScripts: options.G === true,
    args: ((options as { '--'?: readonly unknown[] })['--'] ?? []).map(String),
  });
  const client = around.asked.connect();
  switch (asked.kind) {
    case 'misused':
      return misused(around, 'perform_action', asked.what).exitCode;
    case 'check': {
      const { performCheck } = await import('../../follow/performCheck.ts');
      return performCheck({ around, client, isJson }, asked.request);
    }
    case 'other':
      return performOther({ around, client, isJson }, asked.request);
    case 'command': {
      const { performCommand } = await import('../../follow/performCommand.ts');
      return performCommand({ around, client, isJson }, { ...asked.request, by: around.by });
    }
  }
}

function parsePerformAction(around: Surroundings) {
  return parse(around, 'perform_action', (parser) =>
    parser
      .usage(
        'Usage: perform_action [-G] [-s] [-b] [-n] [-d NODE] -t TAG -a ACTION [-- ARG...]\n\n' +
          'Carries out an action on a resource of this node, and shows its steps. Actions:\n' +
          'restore (bring it into service, with all below it and then all above it),\n' +
          'remove (take it out of service, after all above it), quickCheck, deepCheck,\n' +
          'recover (repair it in place), preflight (could it run here?), and any other of its\n' +
          'kit. The last ones are about TAG alone.\n' +
          'What follows -- goes to the action unchanged.',
      )
      .option('t', { type: 'string', demandOption: true, requiresArg: true, describe: 'Tag of the resource' })
      .option('a', { type: 'string', demandOption: true, requiresArg: true, describe: 'Action' })
      .option('s', flag('restore: leave parents alone; remove: only TAG, refused while a parent is up'))
      .option('b', flag('remove: all below TAG as well'))
      .option('n', flag('restore: refuse when it is in service on another node'))
      .option('G', flag('Skip the global scripts before and after'))
      .askedNode()
      .option('dry-run', flag('Show the steps and the reasons, do nothing'))
      .option('json', flag('A line of JSON for each event'))
      .example('perform_action -t mail -a restore', 'Bring mail into service')
      .example('perform_action --dry-run -t ip -a remove', 'What would happen')
      .example('perform_action -t mail-disk -a remove -b', 'Take all of it out')
      .example('perform_action -t mail -a quickCheck', 'Is it well?'),
  );
}

function flag(describe: string) {
  return { type: 'boolean', describe } as const;
}
