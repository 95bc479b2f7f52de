import { connect } from '@holdfast/client';
import {
  allowedNodes,
  listedNodes,
  nextPriority,
  notListed,
  setAllowedNodes,
} from '../../document/allowedNodes.ts';
import { changeDocument } from '../../document/changeDocument.ts';
import { findResource } from '../../document/findResource.ts';
import { isPart, type Part } from '../../document/paths.ts';
import { readAssignments } from '../../document/readAssignments.ts';
import { whyNotReady } from '../../document/whyNotReady.ts';
import type { ExitCode } from '../../exitCodes.ts';
import { misused, parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';

const name = 'holdfast resource extend';

export async function extend(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, name, (parser) =>
    parser
      .usage(
        'Usage: holdfast resource extend TAG NODE [SETTING=VALUE...]\n\n' +
          'Lets the hierarchy of a resource run on a further node. That node is asked first\n' +
          'whether it could run all of it, and nothing is changed unless it says so. Settings\n' +
          'are those of the resource on that node.',
      )
      .command('$0 <tag> <node> [settings..]', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'Any resource of the hierarchy' })
      .positional('node', { type: 'string', demandOption: true, describe: 'The node' })
      .positional('settings', { array: true, describe: 'SETTING=VALUE, with values as in a document' })
      .option('priority', { type: 'string', value: 'N', describe: '1 is the best; the next ten if left out' })
      .option('dry-run', { type: 'boolean', describe: 'Ask the node, show the difference, change nothing' })
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast resource extend mail gamma --priority 20', 'mail may run on gamma too')
      .example('holdfast resource extend mail-ip gamma device=ens3', 'With another device there'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, node, priority, 'dry-run': dryRun = false, json: isJson = false } = parsed.options;
  const settings = readAssignments(parsed.options.settings ?? []);
  if (!settings.ok) return misused(around, name, settings.what).exitCode;
  if (
    priority !== undefined &&
    !(/^\d+$/.test(priority) && Number(priority) >= 1 && Number(priority) <= 1024)
  )
    return misused(around, name, 'a priority is a number from 1 to 1024').exitCode;
  const client = connect({ socketPath: around.paths.socket });
  return changeDocument(around, {
    isJson,
    dryRun,
    edit: async (document) => {
      const found = await findResource(document, tag);
      if (!found.ok) return found.problems;
      const nodes = listedNodes(document);
      if (!nodes.includes(node)) return [notListed(node, nodes)];
      const status = await client.status();
      if (!status.ok) return status.trouble.problems;
      const allowed = allowedNodes(status.value, tag);
      const rank = Number(priority ?? allowed[node] ?? nextPriority(allowed));
      if (allowed[node] !== rank) setAllowedNodes(document, status.value, tag, { ...allowed, [node]: rank });
      const own = partOf(partOf(found.resource, 'nodes'), node);
      for (const one of settings.value) own[one.name] = one.value;
      if (Object.keys(own).length === 0) dropEmpty(found.resource, node);
      return whyNotReady(client, { node, tag, document });
    },
  });
}

function partOf(part: Part, key: string): Part {
  if (!isPart(part[key])) part[key] = {};
  return part[key] as Part;
}

/** Where nothing is said of the node, the document does not name it. */
function dropEmpty(resource: Part, node: string): void {
  const nodes = resource.nodes as Part;
  delete nodes[node];
  if (Object.keys(nodes).length === 0) delete resource.nodes;
}
