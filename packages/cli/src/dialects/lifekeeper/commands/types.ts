import { defineCommand, report } from '../lcdi/defineCommand.ts';
import { printRecords } from '../lcdi/printRecords.ts';
import { appAndTypeOf } from '../names.ts';

export const appList = defineCommand(
  {
    name: 'app_list',
    synopsis: '',
    says: "Lists LifeKeeper's names of the applications whose kits the agent has loaded, one a line.",
    values: {},
    examples: [['app_list', 'comm, database, gen, mail, ...']],
  },
  async (call) => {
    const answer = await call.client.types();
    if (!answer.ok) return report(call, answer.trouble);
    const apps = new Set(answer.value.types.map((type) => appAndTypeOf(type).app));
    return printRecords(
      call,
      [...apps].sort().map((app) => ({ app })),
    );
  },
);

export const typList = defineCommand(
  {
    name: 'typ_list',
    synopsis: '[-fC] [-a APP]',
    says: 'Lists the types whose kits the agent has loaded, application and type on a line.',
    values: {
      f: ['C', 'Separate the fields by this character instead of byte 1'],
      a: ['APP', 'Only the types of this application'],
    },
    examples: [['typ_list -f:', 'gen:filesys, comm:ip, ...']],
  },
  async (call) => {
    const answer = await call.client.types();
    if (!answer.ok) return report(call, answer.trouble);
    const { a: app } = call.values;
    const named = answer.value.types.map(appAndTypeOf).filter((one) => app === undefined || one.app === app);
    return printRecords(
      call,
      named.map((one) => ({ app: one.app, type: one.type })),
    );
  },
);
