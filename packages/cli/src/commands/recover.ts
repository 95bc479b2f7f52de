import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { askThenPerform } from '../follow/askThenPerform.ts';
import { refuse } from '../problems/refuse.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { resultLine } from '../problems/resultLine.ts';
import { unknownTag } from '../problems/unknownTag.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { wrap } from '../text/wrap.ts';

export async function recover(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast recover', (parser) =>
    parser
      .usage(
        'Usage: holdfast recover TAG\n\n' +
          'Tries once more to repair a resource that has failed, also when its repairs are\n' +
          'spent: in place where its kit can, else by a restart together with what rests on\n' +
          'it. What is in service has nothing to recover from.',
      )
      .command('$0 <tag>', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'The resource' })
      .option('dry-run', { type: 'boolean', describe: 'Show the steps and the reasons, do nothing' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask before something goes down' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'A line of JSON for each event, holdfast.event/1' })
      .example('holdfast recover mail', 'The cause is mended: try again'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, 'dry-run': dryRun = false, json: isJson = false } = parsed.options;
  const client = around.asked.connect();
  const answer = await client.status();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { resources } = answer.value;
  const resource = resources.find((one) => one.tag === tag);
  if (resource === undefined) {
    const known = resources.map((one) => one.tag);
    return reportTrouble(around, { trouble: await unknownTag(tag, known), isJson });
  }
  if (resource.want === 'outOfService')
    return refuse(around, {
      code: 'NOT_WANTED',
      path: tag,
      what: `${tag} is not wanted in service, so nothing of it is repaired`,
      why: `${resource.wantedBy} wants it out of service; it is ${resource.state}`,
      todo: `bring it into service: holdfast restore ${tag}`,
      isJson,
    });
  if (resource.state === 'ISP' || resource.state === 'ISU') {
    const says = `nothing to do: ${tag} is ${resource.state}: ${resource.reason}`;
    around.out.print(
      ...(isJson
        ? [resultLine({ exitCode: exitCodes.done, result: 'nothing-to-do' })]
        : wrap(says, { first: '', width: around.out.width, hang: 2 })),
    );
    return exitCodes.done;
  }
  // A new command is what makes spent repairs count as new; the loop chooses between repair and restart.
  return askThenPerform(
    { around, client, isJson, yes: parsed.options.yes === true },
    { action: 'restore', tag, parents: false, dryRun, by: around.by },
  );
}
