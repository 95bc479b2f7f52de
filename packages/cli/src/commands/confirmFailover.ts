import { connect } from '@holdfast/client';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function confirmFailover(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast confirm-failover', (parser) =>
    parser
      .usage(
        'Usage: holdfast confirm-failover NODE [--no]\n\n' +
          'Lets what NODE had, which is down, be taken over where that is to be confirmed: the\n' +
          'node that would take over has the flag confirmso!NODE. With --no nothing of NODE\n' +
          'comes to this node by itself before NODE is back.',
      )
      .command('$0 <node>', false)
      .positional('node', { type: 'string', demandOption: true, describe: 'The node that is down' })
      .option('no', { type: 'boolean', describe: 'It is not to be taken over' })
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast confirm-failover alpha', 'Take over what alpha had')
      .example('holdfast confirm-failover alpha --no', 'Wait for alpha'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { node, no = false, json: isJson = false } = parsed.options;
  const client = connect({ socketPath: around.paths.socket });
  const answer = await client.confirmFailover({ node, answer: no ? 'no' : 'yes', by: around.by });
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  if (isJson) {
    around.out.print(resultLine({ exitCode: exitCodes.done, result: 'done', ...answer.value }));
    return exitCodes.done;
  }
  if (no) around.out.print(`nothing of ${node} comes here before it is back`);
  for (const one of answer.value.hierarchies)
    around.out.print(`${one.node} takes over ${one.id}: ${one.tags.join(', ')}`);
  return exitCodes.done;
}
