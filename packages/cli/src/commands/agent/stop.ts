import { connect } from '@holdfast/client';
import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { performStop } from '../../follow/performStop.ts';
import { showPlan } from '../../follow/showPlan.ts';
import { questionBefore } from '../../follow/takesDown.ts';
import { askFirst, isAsked } from '../../program/askFirst.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export async function stop(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast agent stop', (parser) =>
    parser
      .usage(
        'Usage: holdfast agent stop [--services leave|take-down] [--switchover yes|no]\n\n' +
          'Stops the agent of this node. Services stay up and are no longer watched, unless\n' +
          'they are taken down first, in order. What was in service is so again when an\n' +
          'agent starts.',
      )
      .option('services', {
        type: 'string',
        choices: ['leave', 'take-down'],
        default: 'leave',
        describe: 'What becomes of what runs; leave is the default',
      })
      .option('switchover', {
        type: 'string',
        choices: ['yes', 'no'],
        describe: 'Whether other nodes take over; by the flag shutdown_switchover if left out',
      })
      .option('dry-run', { type: 'boolean', describe: 'Show what would go down, do nothing' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask before something goes down' })
      .option('json', { type: 'boolean', describe: 'A line of JSON for each event, holdfast.event/1' })
      .example('holdfast agent stop', 'For an update of the agent')
      .example('holdfast agent stop --services take-down', 'Before the machine is switched off')
      .example('holdfast agent stop --services take-down --switchover yes', 'Others take over'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const {
    services,
    switchover,
    'dry-run': dryRun = false,
    yes = false,
    json: isJson = false,
  } = parsed.options;
  const client = connect({ socketPath: around.paths.socket });
  const request = {
    services: services === 'take-down' ? 'takeDown' : 'leave',
    ...(switchover === undefined ? {} : { switchover: switchover === 'yes' }),
    by: around.by,
  } as const;
  if (!dryRun && isAsked(around, { yes, isJson })) {
    const answer = await client.stop({ ...request, dryRun: true });
    const question = answer.ok ? questionBefore(answer.value.plan) : undefined;
    if (answer.ok && question !== undefined) {
      around.out.print(...showPlan(answer.value.plan, around.out.width));
      if (!(await askFirst(around, { question, yes, isJson }))) {
        around.out.print('nothing was done');
        return exitCodes.failed;
      }
    }
  }
  return performStop({ around, client, isJson }, { ...request, dryRun });
}
