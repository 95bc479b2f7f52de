import { findCycles } from '../graph/findCycles.ts';
import { ResourceGraph } from '../graph/resourceGraph.ts';
import { ok, type Problem, type Result, refuse } from '../problem.ts';
import type { NodeName, Tag } from '../vocabulary.ts';
import type { Configuration, ResourceType } from './configuration.ts';
import { notBuilt } from './notBuilt.ts';
import { notifierProblems } from './notifierProblems.ts';
import { readFencing } from './readFencing.ts';
import { readHierarchies } from './readHierarchies.ts';
import { readResources } from './readResources.ts';
import { namesIn, salvage } from './salvage.ts';
import { shapeProblems } from './shapeProblems.ts';
import { tagProblems } from './tagSyntax.ts';
import { type WrittenDocument, writtenDocument } from './writtenDocument.ts';

/**
 * Reads the operator's document. Answers a configuration in which every question is settled, or every problem
 * that the document has: one reading is enough to mend it. Nothing that follows needs to check again.
 */
export function readDocument(input: unknown, types: readonly ResourceType[]): Result<Configuration> {
  const shaped = writtenDocument.safeParse(input);
  // A part of a wrong form hides nothing else: what can still be read is read, and reported along with it.
  const document = shaped.success ? shaped.data : salvage(input, shaped.error);
  const problems: Problem[] = shaped.success ? [] : shapeProblems(shaped.error, input);
  if (document === undefined) return refuse(...problems);

  const nodes = document.nodes.map((node) => (typeof node === 'string' ? node : node.name) as NodeName);
  const names = namesIn(input);
  const entries = Object.entries(document.resources).map(([tag, written]) => ({
    tag: tag as Tag,
    needs: written.needs as Tag[],
    needsAny: written.needsAny as Tag[],
    after: written.after as Tag[],
  }));
  const graph = new ResourceGraph(entries);
  problems.push(...labelProblems(document), ...cycleProblems(graph), ...[...names.tags].flatMap(tagProblems));

  const hierarchies = readHierarchies({ document, graph, nodes, names });
  problems.push(...hierarchies.problems);
  problems.push(...notifierProblems(document, names.tags), ...quorumLossProblems(document));
  const fencing = document.fencing === undefined ? undefined : readFencing(document.fencing, names.nodes);
  problems.push(...(fencing?.problems ?? []));
  const typesByName = new Map(types.map((type) => [type.type, type] as const));
  const resources = readResources({
    document,
    nodes,
    names,
    types: typesByName,
    hierarchies: hierarchies.found,
  });
  problems.push(...resources.problems);

  if (problems.length > 0) return refuse(...problems);
  return ok({
    nodes,
    graph,
    resources: resources.found,
    hierarchies: hierarchies.found.map(({ hierarchy }) => hierarchy),
    quorumLoss: document.quorumLoss,
    notifiers: Object.entries(document.notifiers).map(([name, written]) => ({ name, ...written })),
    ...(fencing === undefined ? {} : { fencing: fencing.settings }),
  });
}

function cycleProblems(graph: ResourceGraph): Problem[] {
  return findCycles(graph).map((cycle) => ({
    code: 'CYCLE',
    path: `resources.${cycle[0]}`,
    what: `These resources need each other, so none can be restored first: ${cycle.join(' -> ')}`,
    why: `${cycle.at(-2)} needs, or comes after, ${cycle.at(-1)}`,
    todo: `remove one of the ${cycle.length - 1} needs, then apply again`,
  }));
}

/** What is said of a loss that cannot happen, or cannot be done yet, is not passed over in silence. */
function quorumLossProblems({ quorumLoss, nodes }: WrittenDocument): Problem[] {
  if (quorumLoss === 'failsafe')
    return [notBuilt('quorumLoss', 'Keeping what runs while all others confirm')];
  if (quorumLoss === 'drop' || nodes.length > 1) return [];
  return [
    {
      code: 'POLICY_NEVER_ACTS',
      path: 'quorumLoss',
      what: 'A loss of quorum is provided for that cannot happen',
      why: 'a node that is alone has no quorum to lose',
      todo: 'leave quorumLoss out',
    },
  ];
}

function labelProblems(document: WrittenDocument): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, node] of document.nodes.entries()) {
    const name = typeof node === 'string' ? node : node.name;
    if (seen.has(name)) {
      problems.push({
        code: 'DOCUMENT_SHAPE',
        path: `nodes.${index}`,
        what: `The node ${name} is listed twice`,
        why: 'the order of nodes is their priority, so each stands in it once',
        todo: 'remove one of the two',
      });
    }
    seen.add(name);
    if (typeof node === 'object' && Object.keys(node.labels).length > 0) {
      problems.push(notBuilt(`nodes.${index}.labels`, `Labels of the node ${name}`));
    }
  }
  return problems;
}
