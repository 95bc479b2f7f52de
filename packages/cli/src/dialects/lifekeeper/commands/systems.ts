import { changeDocument, refused } from '../edit/changeDocument.ts';
import { nodeNames } from '../edit/document.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, refuse, report } from '../lcdi/defineCommand.ts';
import { printRecords } from '../lcdi/printRecords.ts';

export const sysList = defineCommand(
  {
    name: 'sys_list',
    synopsis: '',
    says: 'Lists the systems that the configuration knows, a name a line.',
    values: {},
    examples: [['sys_list', 'The nodes']],
  },
  async (call) => {
    const status = await call.client.status();
    if (!status.ok) return report(call, status.trouble);
    const records = status.value.nodes.map(({ name }) => ({ system: name }));
    return printRecords(call, records);
  },
);

export const sysGetst = defineCommand(
  {
    name: 'sys_getst',
    synopsis: '-s SYSTEM',
    says: 'Prints the state of a system as this node knows it: ALIVE, DEAD or UNKNOWN.',
    values: { s: ['SYSTEM', 'The system'] },
    required: ['s'],
    examples: [['sys_getst -s beta', 'Is beta there?']],
  },
  async (call) => {
    const status = await call.client.status();
    if (!status.ok) return report(call, status.trouble);
    const found = status.value.nodes.find(({ name }) => name === call.values.s);
    if (found === undefined)
      return refuse(call, lcdiCodes.missing, unknown(call.values.s ?? '', status.value.nodes));
    return printRecords(call, [{ state: found.state }]);
  },
);

export const sysCreate = defineCommand(
  {
    name: 'sys_create',
    synopsis: '-s SYSTEM',
    says: 'Adds a system to the configuration, after those that it has. Resources may run there by the order of the list, unless eqv_create said otherwise.',
    values: { s: ['SYSTEM', 'Its name'] },
    required: ['s'],
    changes: true,
    examples: [['sys_create -s beta', 'A second node']],
  },
  async (call) => {
    const { s: system = '' } = call.values;
    return changeDocument(call, (draft) => {
      if (nodeNames(draft).includes(system)) {
        return refused(lcdiCodes.exists, {
          code: 'NODE_EXISTS',
          what: `There is a node ${system} already`,
          why: 'the configuration lists it',
          todo: 'nothing is to be done',
        });
      }
      draft.nodes.push(system);
      return { kind: 'changed' };
    });
  },
);

export const sysRemove = defineCommand(
  {
    name: 'sys_remove',
    synopsis: '-s SYSTEM',
    says: 'Takes a system out of the configuration, with the priorities and settings that it has there. This node itself is refused.',
    values: { s: ['SYSTEM', 'Its name'] },
    required: ['s'],
    changes: true,
    examples: [['sys_remove -s gamma', 'gamma is no more']],
  },
  async (call) => {
    const { s: system = '' } = call.values;
    return changeDocument(call, (draft, status) => {
      if (!nodeNames(draft).includes(system))
        return refused(lcdiCodes.missing, unknown(system, status.nodes));
      const owned = status.hierarchies.find(({ owner }) => owner === system);
      if (owned !== undefined) {
        return refused(lcdiCodes.hasDependent, {
          code: 'RESOURCE_IN_SERVICE',
          what: `The node ${system} cannot go`,
          why: `it holds the hierarchy of ${owned.tags.join(', ')}`,
          todo: 'take that out of service, or move it, first',
        });
      }
      draft.nodes = draft.nodes.filter((node) => (typeof node === 'string' ? node : node.name) !== system);
      for (const { nodes } of [...Object.values(draft.resources), ...Object.values(draft.hierarchies ?? {})])
        if (nodes !== undefined) delete nodes[system];
      return { kind: 'changed' };
    });
  },
);

function unknown(system: string, nodes: readonly { name: string }[]) {
  return {
    code: 'UNKNOWN_NODE',
    what: `There is no node ${system}`,
    why: `this node knows ${nodes.map(({ name }) => name).join(', ')}`,
    todo: 'list them: sys_list',
  };
}
