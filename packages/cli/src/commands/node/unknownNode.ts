import type { Trouble } from '@holdfast/client';
import type { Status } from '@holdfast/core';

/** For a node that the configuration does not list, with the one that was meant most likely. */
export async function unknownNode(name: string, { nodes }: Pick<Status, 'nodes'>): Promise<Trouble> {
  const { nearest } = await import('@holdfast/core');
  const known = nodes.map((one) => one.name);
  const guess = nearest(name, known);
  const problem = {
    code: 'UNKNOWN_NODE',
    path: name,
    what: `There is no node ${name}`,
    why: `the nodes of the configuration are ${known.join(', ')}`,
    todo: guess === undefined ? 'name one of these nodes' : `did you mean ${guess}?`,
  };
  return { kind: 'Refused', problems: [problem] };
}
