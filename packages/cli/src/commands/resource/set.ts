import { changeDocument } from '../../document/changeDocument.ts';
import { findResource } from '../../document/findResource.ts';
import { deleteKeys, isPart, type Part } from '../../document/paths.ts';
import { readAssignments } from '../../document/readAssignments.ts';
import type { ExitCode } from '../../exitCodes.ts';
import { misused, parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';
import { listOf } from './listOf.ts';

export async function set(around: Surroundings): Promise<ExitCode> {
  const name = 'holdfast resource set';
  const parsed = await parse(around, name, (parser) =>
    parser
      .usage(
        'Usage: holdfast resource set TAG [SETTING=VALUE...]\n\n' +
          'Changes settings of a resource, or what it needs. Whether a new setting takes\n' +
          'effect at once or with the next restore is said by its kit: holdfast kit list.',
      )
      .command('$0 <tag> [settings..]', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'The resource' })
      .positional('settings', { array: true, describe: 'SETTING=VALUE, with values as in a document' })
      .option('unset', {
        type: 'string',
        array: true,
        value: 'SETTING',
        describe: 'Back to its default; may be repeated',
      })
      .option('node', { type: 'string', value: 'NODE', describe: 'The settings of one node only' })
      .option('needs', {
        type: 'string',
        value: 'TAG,...',
        describe: 'All that it needs from now on; "" for nothing',
      })
      .option('needs-any', { type: 'string', value: 'TAG,...', describe: 'At least one of these' })
      .option('after', { type: 'string', value: 'TAG,...', describe: 'Order only' })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .askedNode()
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast resource set mail-ip device=eth1', 'Another device')
      .example('holdfast resource set mail-ip device=ens3 --node beta', 'Only where the node is beta')
      .example('holdfast resource set mail --needs mail-ip,mail-disk', 'What mail needs from now on'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, node, unset = [], 'dry-run': dryRun = false, json: isJson = false, ...more } = parsed.options;
  const settings = readAssignments(parsed.options.settings ?? []);
  if (!settings.ok) return misused(around, name, settings.what).exitCode;
  const lists = {
    ...listOf('needs', more.needs),
    ...listOf('needsAny', more['needs-any']),
    ...listOf('after', more.after),
  };
  if (settings.value.length + unset.length + Object.keys(lists).length === 0)
    return misused(around, name, 'say what is to be changed').exitCode;
  const place = node === undefined ? ['settings'] : ['nodes', node];
  return changeDocument(around, {
    isJson,
    dryRun,
    edit: async (document) => {
      const found = await findResource(document, tag);
      if (!found.ok) return found.problems;
      for (const one of settings.value) partAt(found.resource, place)[one.name] = one.value;
      for (const one of unset) deleteKeys(document, ['resources', tag, ...place, one]);
      for (const [list, tags] of Object.entries(lists)) {
        if (tags.length > 0) found.resource[list] = tags;
        else delete found.resource[list];
      }
      return [];
    },
  });
}

/** The map at these keys, made where it is not there. */
function partAt(part: Part, keys: readonly string[]): Part {
  return keys.reduce((around, key) => {
    if (!isPart(around[key])) around[key] = {};
    return around[key] as Part;
  }, part);
}
