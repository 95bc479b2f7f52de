import type { SaidProblem } from '@holdfast/core';
import { changeDocument } from '../../document/changeDocument.ts';
import { isPart, type Part } from '../../document/paths.ts';
import { readAssignments } from '../../document/readAssignments.ts';
import type { ExitCode } from '../../exitCodes.ts';
import { misused, parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { listOf } from './listOf.ts';

export async function add(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast resource add', (parser) =>
    parser
      .usage(
        'Usage: holdfast resource add TAG TYPE [SETTING=VALUE...]\n\n' +
          'Adds a resource to the configuration. It is out of service until it is restored;\n' +
          'what runs already is found and taken over as it is.',
      )
      .command('$0 <tag> <type> [settings..]', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'The name of the new resource' })
      .positional('type', {
        type: 'string',
        demandOption: true,
        describe: 'The kit that serves it; see holdfast kit list',
      })
      .positional('settings', { array: true, describe: 'SETTING=VALUE, with values as in a document' })
      .option('needs', { type: 'string', value: 'TAG,...', describe: 'What must be in service before it' })
      .option('needs-any', { type: 'string', value: 'TAG,...', describe: 'At least one of these must be' })
      .option('after', { type: 'string', value: 'TAG,...', describe: 'Order only, when both start or stop' })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast resource add mail-ip ip address=10.77.0.50/24 device=eth0', 'Protect an address')
      .example('holdfast resource add mail postfix --needs mail-ip,mail-disk', 'What rests on others'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, type, 'dry-run': dryRun = false, json: isJson = false, ...more } = parsed.options;
  const settings = readAssignments(parsed.options.settings ?? []);
  if (!settings.ok) return misused(around, 'holdfast resource add', settings.what).exitCode;
  const entries = settings.value.map(({ name, value }) => [name, value] as const);
  const made: Part = {
    type,
    ...(entries.length === 0 ? {} : { settings: Object.fromEntries(entries) }),
    ...listOf('needs', more.needs),
    ...listOf('needsAny', more['needs-any']),
    ...listOf('after', more.after),
  };
  return changeDocument(around, {
    isJson,
    dryRun,
    edit: async (document) => {
      const resources = isPart(document.resources) ? document.resources : {};
      if (Object.hasOwn(resources, tag)) return [taken(tag)];
      document.nodes ??= await thisNode(around);
      document.resources = { ...resources, [tag]: made };
      return [];
    },
  });
}

/** The first document of a node describes that node. */
async function thisNode(around: Surroundings): Promise<string[]> {
  const answer = await around.asked.connect().status();
  return answer.ok ? [answer.value.node] : [];
}

function taken(tag: string): SaidProblem {
  return {
    code: 'TAG_TAKEN',
    path: `resources.${tag}`,
    what: `There is a resource ${tag} already`,
    why: 'a tag names one resource',
    todo: `choose another tag, or change this one with holdfast resource set ${tag}`,
  };
}
