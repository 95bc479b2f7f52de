import { defineCommand, report } from '../lcdi/defineCommand.ts';
import { printRecords } from '../lcdi/printRecords.ts';
import { pathsOf } from '../pathsOf.ts';

export const netList = defineCommand(
  {
    name: 'net_list',
    synopsis: '[-fC]',
    says: 'Lists the paths to other systems, a line each: system, local and remote address, network, state, priority, separated by byte 1. They stand in agent.yaml, under peers.',
    values: { f: ['C', 'Separate the fields by this character instead of byte 1'] },
    examples: [['net_list -f:', 'The paths']],
  },
  async (call) => {
    const status = await call.client.status();
    if (!status.ok) return report(call, status.trouble);
    const records = pathsOf(status.value).map(({ machine, addresses, network, state, priority }) => ({
      system: machine,
      addresses,
      network,
      state,
      priority,
    }));
    return printRecords(call, records);
  },
);
