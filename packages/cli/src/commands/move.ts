import type { ExitCode } from '../exitCodes.ts';
import { askThenPerform } from '../follow/askThenPerform.ts';
import { refuse } from '../problems/refuse.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { unknownTag } from '../problems/unknownTag.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { unknownNode } from './node/unknownNode.ts';

export async function move(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast move', (parser) =>
    parser
      .usage(
        'Usage: holdfast move TAG NODE\n\n' +
          'Brings the hierarchy of a resource into service on a node, from wherever it is\n' +
          'in service now. A node that is alone knows no other.',
      )
      .command('$0 <tag> <node>', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'Any resource of the hierarchy' })
      .positional('node', { type: 'string', demandOption: true, describe: 'Where it is to be in service' })
      .option('dry-run', { type: 'boolean', describe: 'Show the steps and the reasons, do nothing' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask before something goes down' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'A line of JSON for each event, holdfast.event/1' })
      .example('holdfast move mail beta', 'A switchover of mail to beta')
      .example('holdfast move mail beta --dry-run', 'What would happen?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, node, 'dry-run': dryRun = false, json: isJson = false } = parsed.options;
  const client = around.asked.connect();
  const answer = await client.status();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const status = answer.value;
  const known = status.resources.map((one) => one.tag);
  if (!known.includes(tag)) return reportTrouble(around, { trouble: await unknownTag(tag, known), isJson });
  const nodes = status.nodes.map(({ name }) => name);
  if (!nodes.includes(node)) {
    return reportTrouble(around, { trouble: await unknownNode(node, status), isJson });
  }
  const there = status.nodes.find(({ name }) => name === node);
  if (node !== status.node && there?.state === 'UNKNOWN')
    return refuse(around, {
      code: 'NOT_BUILT',
      path: node,
      what: `${tag} cannot be moved to ${node} from here`,
      why: `the agent of ${status.node} knows nothing of ${node}: it is alone, or has lost sight of it`,
      todo: `holdfast remove ${tag} here, then holdfast restore ${tag} on ${node}`,
      isJson,
    });
  return askThenPerform(
    { around, client, isJson, yes: parsed.options.yes === true },
    { action: 'restore', tag, node, dryRun, by: around.by },
  );
}
