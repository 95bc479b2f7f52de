import type { Problem } from '../problem.ts';
import type { Millis, NodeName } from '../vocabulary.ts';
import { nearest } from './nearest.ts';
import type { FenceParameter, WrittenFencing } from './writtenFencing.ts';

/** One use of a device, with every question about it answered. */
export type FenceDevice = Readonly<{
  name: string;
  agent: string;
  parameters: Readonly<Record<string, FenceParameter>>;
  timeout: Millis;
  attempts: number;
}>;

/** How one node is fenced. */
export type NodeFencing = Readonly<{
  action: 'off' | 'reboot';
  /** All devices of one level have to do it; the first level that does is enough. */
  levels: readonly (readonly FenceDevice[])[];
}>;

export type FencingSettings = Readonly<{
  delay: Millis;
  retry: Readonly<{ after: Millis; atMost: Millis }>;
  nodes: ReadonlyMap<NodeName, NodeFencing>;
}>;

/** What Holdfast itself tells each device. */
const ours = ['action', 'option', 'nodename'];
const secretNames = /(passw(or)?d|passwd|passphrase|secret|token|community)$/i;

/** Settles how nodes are fenced, with every problem that it has. */
export function readFencing(
  written: WrittenFencing,
  nodes: ReadonlySet<string>,
): Readonly<{ settings: FencingSettings; problems: readonly Problem[] }> {
  const { delay, retry } = written;
  const problems: Problem[] = Object.entries(written.devices).flatMap(([name, { parameters }]) =>
    parameterProblems(parameters, `fencing.devices.${name}.parameters`),
  );
  const found = new Map<NodeName, NodeFencing>();
  for (const [node, { action, levels }] of Object.entries(written.nodes)) {
    const path = `fencing.nodes.${node}`;
    if (!nodes.has(node)) problems.push(unknownNode(path, node, nodes));
    const read = levels.map((level, index) => readLevel(written, level, `${path}.levels.${index}`));
    problems.push(...read.flatMap((one) => one.problems), ...equalLevels(levels, path, node));
    found.set(node as NodeName, { action, levels: read.map(({ devices }) => devices) });
  }
  if (retry.atMost < retry.after)
    problems.push({
      code: 'BAD_FENCING',
      path: 'fencing.retry.atMost',
      what: 'The longest wait between two tries to fence is shorter than the first',
      why: 'the wait begins with after, and doubles up to atMost',
      todo: 'write an atMost that is not shorter than after',
    });
  return { settings: { delay, retry, nodes: found }, problems };
}

type Level = WrittenFencing['nodes'][string]['levels'][number];

function readLevel(
  { devices }: WrittenFencing,
  level: Level,
  path: string,
): { devices: FenceDevice[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const found: FenceDevice[] = [];
  for (const [index, use] of level.entries()) {
    const { device: name, parameters } =
      typeof use === 'string' ? { device: use, parameters: {} } : { ...use };
    const device = devices[name];
    problems.push(...parameterProblems(parameters, `${path}.${index}.parameters`));
    if (device === undefined) problems.push(unknownDevice(`${path}.${index}`, name, Object.keys(devices)));
    else {
      const { agent, timeout, attempts } = device;
      found.push({ name, agent, timeout, attempts, parameters: { ...device.parameters, ...parameters } });
    }
  }
  return { devices: found, problems };
}

function parameterProblems(parameters: Readonly<Record<string, FenceParameter>>, path: string): Problem[] {
  return Object.entries(parameters).flatMap(([name, value]): Problem[] => {
    if (ours.includes(name))
      return [
        {
          code: 'BAD_FENCING',
          path: `${path}.${name}`,
          what: `The parameter ${name} is not for the document to set`,
          why: 'what a device is to do, and to which node, is told by Holdfast each time',
          todo: 'take it out; off or reboot is said once for each node: fencing.nodes.NODE.action',
        },
      ];
    if (typeof value === 'string' && value !== '' && secretNames.test(name))
      return [
        {
          code: 'BAD_FENCING',
          path: `${path}.${name}`,
          what: `The parameter ${name} stands in the document as it is`,
          why: 'whoever may read the document could read it',
          todo: `write it to a file that only root can read, and ${name}: { file: /etc/holdfast/... }`,
        },
      ];
    return [];
  });
}

/** The same twice is no second way to the same end. */
function equalLevels(levels: readonly Level[], path: string, node: string): Problem[] {
  const seen = new Map<string, number>();
  return levels.flatMap((level, index): Problem[] => {
    const uses = level.map((use) =>
      JSON.stringify(typeof use === 'string' ? [use, {}] : [use.device, use.parameters]),
    );
    const problems: Problem[] = [];
    if (new Set(uses).size < uses.length)
      problems.push({
        code: 'BAD_FENCING',
        path: `${path}.levels.${index}`,
        what: `Level ${index + 1} for ${node} has one device twice`,
        why: 'a device that did it has done it',
        todo: 'take one of the two out',
      });
    const key = [...uses].sort().join();
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else
      problems.push({
        code: 'BAD_FENCING',
        path: `${path}.levels.${index}`,
        what: `Levels ${first + 1} and ${index + 1} for ${node} are equal`,
        why: 'what has failed would be tried once more, in the place of another way',
        todo: 'take one of the two out; attempts says how often a device is tried',
      });
    return problems;
  });
}

function unknownNode(path: string, node: string, nodes: ReadonlySet<string>): Problem {
  const guess = nearest(node, [...nodes]);
  return {
    code: 'UNKNOWN_NODE',
    path,
    what: `Fencing is described for ${node}, which the document does not list`,
    why: `it lists ${[...nodes].join(', ')}`,
    todo: guess === undefined ? 'correct the name, or take it out' : `did you mean ${guess}?`,
  };
}

function unknownDevice(path: string, name: string, known: readonly string[]): Problem {
  const guess = nearest(name, known);
  return {
    code: 'BAD_FENCING',
    path,
    what: `There is no fence device ${name}`,
    why: known.length === 0 ? 'fencing.devices describes none' : `fencing.devices has ${known.join(', ')}`,
    todo: guess === undefined ? 'describe it under fencing.devices' : `did you mean ${guess}?`,
  };
}
