import { changeDocument } from '../../document/changeDocument.ts';
import { findResource } from '../../document/findResource.ts';
import { isPart, type Part } from '../../document/paths.ts';
import type { ExitCode } from '../../exitCodes.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export async function remove(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast resource delete', (parser) =>
    parser
      .usage(
        'Usage: holdfast resource delete TAG...\n\n' +
          'Takes resources out of the configuration. Refused while one of them is in service,\n' +
          'and while another needs one: holdfast resource set changes what is needed.',
      )
      .command('$0 <tag..>', false)
      .positional('tag', { array: true, describe: 'The resources' })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast remove mail && holdfast resource delete mail', 'Stop it, and forget it'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { 'dry-run': dryRun = false, json: isJson = false } = parsed.options;
  const tags = parsed.options.tag ?? [];
  return changeDocument(around, {
    isJson,
    dryRun,
    edit: async (document) => {
      for (const tag of tags) {
        const found = await findResource(document, tag);
        if (!found.ok) return found.problems;
      }
      for (const tag of tags) forget(document, tag, tags);
      return [];
    },
  });
}

/** An entry under hierarchies that is named by it goes on under the name of a neighbour, when there is one. */
function forget(document: Part, tag: string, going: readonly string[]): void {
  const resources = document.resources as Record<string, Part>;
  const hierarchies = isPart(document.hierarchies) ? document.hierarchies : {};
  if (Object.hasOwn(hierarchies, tag)) {
    const { [tag]: entry, ...others } = hierarchies;
    const neighbour = neighboursOf(resources, tag).find((one) => !going.includes(one));
    document.hierarchies = neighbour === undefined ? others : { ...others, [neighbour]: entry };
  }
  delete resources[tag];
}

function neighboursOf(resources: Record<string, Part>, tag: string): string[] {
  const needsOf = (one: Part | undefined): string[] =>
    [one?.needs, one?.needsAny].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  const above = Object.keys(resources).filter((one) => needsOf(resources[one]).includes(tag));
  return [...needsOf(resources[tag]), ...above];
}
