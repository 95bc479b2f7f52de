import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, refuse, report } from '../lcdi/defineCommand.ts';
import { printRecords } from '../lcdi/printRecords.ts';

export const eqvList = defineCommand(
  {
    name: 'eqv_list',
    synopsis: '[-s SYSTEM] [-t TAG] [-fC]',
    says: 'Lists on which other systems a resource may run, a line each: system, tag, other system, other tag, SHARED, priority, priority there. The tag is the same everywhere.',
    values: {
      s: ['SYSTEM', 'Seen from this system; from this node when left out'],
      t: ['TAG', 'Only this resource'],
      f: ['C', 'Separate the fields by this character instead of byte 1'],
    },
    examples: [['eqv_list -f: -t mail', 'Where else may mail run?']],
  },
  async (call) => {
    const status = await call.client.status();
    if (!status.ok) return report(call, status.trouble);
    const { hierarchies, resources, node } = status.value;
    const { s: system = node, t: tag } = call.values;
    if (tag !== undefined && !resources.some((resource) => resource.tag === tag)) {
      return refuse(call, lcdiCodes.missing, {
        code: 'UNKNOWN_RESOURCE',
        what: `There is no resource ${tag}`,
        why: 'the configuration describes none with this tag',
        todo: 'list the tags: ins_list -f:',
      });
    }
    const byId = new Map(hierarchies.map((hierarchy) => [hierarchy.id, hierarchy.nodes]));
    const records = resources.flatMap((resource) => {
      const nodes = byId.get(resource.hierarchy) ?? [];
      const own = nodes.find((one) => one.node === system);
      if (own === undefined || (tag !== undefined && resource.tag !== tag)) return [];
      return nodes
        .filter((one) => one.node !== system)
        .map((other) => ({
          system,
          tag: resource.tag,
          otherSystem: other.node,
          otherTag: resource.tag,
          kind: 'SHARED',
          priority: own.priority,
          otherPriority: other.priority,
        }));
    });
    return printRecords(call, records);
  },
);
