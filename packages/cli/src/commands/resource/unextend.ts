import { connect } from '@holdfast/client';
import type { SaidProblem } from '@holdfast/core';
import { allowedNodes, setAllowedNodes } from '../../document/allowedNodes.ts';
import { changeDocument } from '../../document/changeDocument.ts';
import { findResource } from '../../document/findResource.ts';
import { isPart, type Part } from '../../document/paths.ts';
import type { ExitCode } from '../../exitCodes.ts';
import { parse } from '../../program/parse.ts';
import type { Surroundings } from '../../program/surroundings.ts';

export async function unextend(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast resource unextend', (parser) =>
    parser
      .usage(
        'Usage: holdfast resource unextend TAG NODE\n\n' +
          'Lets the hierarchy of a resource no longer run on a node, and forgets its settings\n' +
          'there. Refused where the node has it now: move it first.',
      )
      .command('$0 <tag> <node>', false)
      .positional('tag', { type: 'string', demandOption: true, describe: 'Any resource of the hierarchy' })
      .positional('node', { type: 'string', demandOption: true, describe: 'The node' })
      .option('dry-run', { type: 'boolean', describe: 'Show the difference, change nothing' })
      .option('json', { type: 'boolean', describe: 'Answer as JSON, holdfast.result/1' })
      .example('holdfast resource unextend mail gamma', 'mail runs no more on gamma'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, node, 'dry-run': dryRun = false, json: isJson = false } = parsed.options;
  const client = connect({ socketPath: around.paths.socket });
  return changeDocument(around, {
    isJson,
    dryRun,
    edit: async (document) => {
      const found = await findResource(document, tag);
      if (!found.ok) return found.problems;
      const status = await client.status();
      if (!status.ok) return status.trouble.problems;
      const { [node]: leaves, ...stays } = allowedNodes(status.value, tag);
      if (leaves === undefined) return [notAllowed(tag, node, Object.keys(stays))];
      if (Object.keys(stays).length === 0) return [onlyOne(tag, node)];
      setAllowedNodes(document, status.value, tag, stays);
      const tags = status.value.hierarchies.find((one) => one.tags.includes(tag))?.tags ?? [tag];
      for (const one of tags) forgetNode((document.resources as Record<string, Part>)[one], node);
      return [];
    },
  });
}

function forgetNode(resource: Part | undefined, node: string): void {
  if (resource === undefined || !isPart(resource.nodes)) return;
  delete resource.nodes[node];
  if (Object.keys(resource.nodes).length === 0) delete resource.nodes;
}

function notAllowed(tag: string, node: string, nodes: readonly string[]): SaidProblem {
  return {
    code: 'UNKNOWN_NODE',
    path: node,
    what: `The hierarchy of ${tag} may not run on ${node} anyway`,
    why: `it may run on ${nodes.join(', ')}`,
    todo: 'see where it may run: holdfast node show',
  };
}

function onlyOne(tag: string, node: string): SaidProblem {
  return {
    code: 'ONLY_NODE',
    path: node,
    what: `The hierarchy of ${tag} cannot leave ${node}`,
    why: 'it may run nowhere else',
    todo: `extend it to another node first, or take it out of the configuration: holdfast resource delete ${tag}`,
  };
}
