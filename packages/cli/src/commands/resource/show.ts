import { stringify } from 'yaml';
import { findResource } from '../../document/findResource.ts';
import { isPart } from '../../document/paths.ts';
import { type ExitCode, exitCodes } from '../../exitCodes.ts';
import { reportTrouble } from '../../problems/reportTrouble.ts';
import { unknownTag } from '../../problems/unknownTag.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { findStatus } from '../../status/findStatus.ts';
import { sayAgent } from '../../status/sayAgent.ts';
import { showDetailsOf } from '../../status/showResource.ts';

export async function show(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast resource show', (parser) =>
    parser
      .usage(
        'Usage: holdfast resource show TAG\n\n' +
          'How one resource stands, and how it is configured. The configuration is told by\n' +
          'the agent, so it is left out when the agent is down.',
      )
      .command('$0 <tag>', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'The resource' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.resource/1' })
      .example('holdfast resource show mail', 'All about mail'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, json: isJson = false } = parsed.options;
  const found = await findStatus(around, { showsChecks: true });
  if (!found.ok) return reportTrouble(around, { trouble: found.trouble, isJson });
  const { status, agent, ageMs } = found.value;
  const resource = status.resources.find((one) => one.tag === tag);
  if (resource === undefined) {
    const known = status.resources.map((one) => one.tag);
    return reportTrouble(around, { trouble: await unknownTag(tag, known), isJson });
  }
  const written = await writtenOf(around, tag);
  around.err.print(...sayAgent(found.value, around.err));
  if (isJson)
    around.out.print(JSON.stringify({ schema: 'holdfast.resource/1', resource, written: written ?? null }));
  else {
    around.out.print(...showDetailsOf(resource, around.out, status.at + ageMs));
    if (written !== undefined) {
      const text = stringify({ [tag]: written }, { lineWidth: 0 }).trimEnd();
      around.out.print(
        '',
        `configuration, generation ${status.generation}:`,
        ...text.split('\n').map((line) => `  ${line}`),
      );
    }
  }
  return agent === 'running' ? exitCodes.done : exitCodes.agentDown;
}

/** As the document has it; undefined when nobody tells. */
async function writtenOf(around: Surroundings, tag: string): Promise<unknown> {
  const answer = await around.asked.connect().configuration();
  if (!answer.ok || !isPart(answer.value.document)) return undefined;
  const found = await findResource(answer.value.document, tag);
  return found.ok ? found.resource : undefined;
}
