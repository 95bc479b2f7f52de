import { defineCommand, report } from '../lcdi/defineCommand.ts';
import { printRecords } from '../lcdi/printRecords.ts';

export const netList = defineCommand(
  {
    name: 'net_list',
    synopsis: '[-fC]',
    says: 'Lists the paths to other systems. Agents do not speak to each other yet, so there are none.',
    values: { f: ['C', 'Separate the fields by this character instead of byte 1'] },
    examples: [['net_list -f:', 'The paths']],
  },
  async (call) => {
    const status = await call.client.status();
    return status.ok ? printRecords(call, []) : report(call, status.trouble);
  },
);
