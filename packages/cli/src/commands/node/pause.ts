import type { ExitCode } from '../../exitCodes.ts';
import { refuse } from '../../problems/refuse.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { withArgs } from '../../program/withArgs.ts';
import { pause } from '../pause.ts';
import { resume } from '../resume.ts';
import { unknownNode } from './unknownNode.ts';

export async function pauseNode(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast node pause', (parser) =>
    parser
      .usage(
        'Usage: holdfast node pause [NODE]\n\n' +
          'Pauses the protection of everything on this node: what serves goes on serving, and\n' +
          'nothing is repaired or started, until holdfast node resume or the time.',
      )
      .command('$0 [node]', false)
      .positional('node', { type: 'string', describe: 'This node, to be sure to be on the right one' })
      .option('for', {
        type: 'string',
        value: 'SPAN',
        describe: 'Protection returns by itself after it, such as 30m',
      })
      .option('why', { type: 'string', value: 'TEXT', describe: 'For those who see it in the status' })
      .option('dry-run', { type: 'boolean', describe: 'Show what it is about, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.pause/1' })
      .example('holdfast node pause --for 1h --why "new kernel"', 'Work on this machine'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { node, for: span, why, json, 'dry-run': dryRun } = parsed.options;
  const refused = await refuseOthers(around, node, json === true);
  if (refused !== undefined) return refused;
  const args = [
    '--node',
    ...given('--for', span),
    ...given('--why', why),
    ...(json === true ? ['--json'] : []),
    ...(dryRun === true ? ['--dry-run'] : []),
  ];
  return pause(withArgs(around, args));
}

export async function resumeNode(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast node resume', (parser) =>
    parser
      .usage(
        'Usage: holdfast node resume [NODE]\n\n' +
          'Gives back the protection of everything on this node. Each resource is looked at\n' +
          'first: what runs is taken over as it is.',
      )
      .command('$0 [node]', false)
      .positional('node', { type: 'string', describe: 'This node, to be sure to be on the right one' })
      .option('dry-run', { type: 'boolean', describe: 'Show what it is about, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.resume/1' })
      .example('holdfast node resume', 'The work is done'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { node, json, 'dry-run': dryRun } = parsed.options;
  const refused = await refuseOthers(around, node, json === true);
  if (refused !== undefined) return refused;
  return resume(
    withArgs(around, [
      '--node',
      ...(json === true ? ['--json'] : []),
      ...(dryRun === true ? ['--dry-run'] : []),
    ]),
  );
}

function given(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${option}=${value}`];
}

/** An agent pauses its own node only; a name of another must not pause this one. */
async function refuseOthers(
  around: Surroundings,
  node: string | undefined,
  isJson: boolean,
): Promise<ExitCode | undefined> {
  if (node === undefined) return undefined;
  const answer = await around.asked.connect().status();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const status = answer.value;
  if (node === status.node) return undefined;
  if (!status.nodes.some(({ name }) => name === node))
    return reportTrouble(around, { trouble: await unknownNode(node, status), isJson });
  return refuse(around, {
    code: 'NOT_BUILT',
    path: node,
    what: `${node} cannot be paused or resumed from here`,
    why: `the agent of ${status.node} acts on ${status.node} only`,
    todo: `give the command on ${node}`,
    isJson,
  });
}
