import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, refuse, report, succeed } from '../lcdi/defineCommand.ts';
import { printRecords } from '../lcdi/printRecords.ts';

const named = { f: ['FLAG', 'Its name'] } as const;

export const flgCreate = defineCommand(
  {
    name: 'flg_create',
    synopsis: '-f FLAG',
    says: 'Leaves a flag on this node: a name that is there until it is removed. One that begins with !volatile! is forgotten when the agent starts. The agent decides by !nofailover!NODE, confirmso!NODE, block_failover and shutdown_switchover, and by no others.',
    values: named,
    required: ['f'],
    examples: [["flg_create -f '!volatile!backup'", 'A backup is running']],
  },
  async (call) => {
    const answer = await call.client.createFlag({ flag: call.values.f ?? '', by: call.around.by });
    return answer.ok ? succeed(call, {}) : report(call, answer.trouble, badName(answer.trouble.problems));
  },
);

export const flgRemove = defineCommand(
  {
    name: 'flg_remove',
    synopsis: '-f FLAG',
    says: 'Removes a flag from this node.',
    values: named,
    required: ['f'],
    examples: [["flg_remove -f '!volatile!backup'", 'The backup is over']],
  },
  async (call) => {
    const answer = await call.client.removeFlag({ flag: call.values.f ?? '', by: call.around.by });
    return answer.ok ? succeed(call, {}) : report(call, answer.trouble, badName(answer.trouble.problems));
  },
);

export const flgTest = defineCommand(
  {
    name: 'flg_test',
    synopsis: '-f FLAG',
    says: 'Ends with 0 when the flag is there and with 7 when it is not.',
    values: named,
    required: ['f'],
    examples: [["flg_test -f '!volatile!backup' && exit", 'Not while a backup runs']],
  },
  async (call) => {
    const answer = await call.client.flags();
    if (!answer.ok) return report(call, answer.trouble);
    const { f: flag = '' } = call.values;
    if (answer.value.flags.includes(flag)) return succeed(call, {});
    if (!call.isJson) return lcdiCodes.missing;
    return refuse(call, lcdiCodes.missing, {
      code: 'UNKNOWN_FLAG',
      what: `There is no flag ${flag}`,
      why: 'nobody made one of this name on this node, or it was removed',
      todo: 'list them: flg_list',
    });
  },
);

export const flgList = defineCommand(
  {
    name: 'flg_list',
    synopsis: '',
    says: 'Lists the flags of this node, one a line.',
    values: {},
    examples: [['flg_list', 'The flags']],
  },
  async (call) => {
    const answer = await call.client.flags();
    if (!answer.ok) return report(call, answer.trouble);
    return printRecords(
      call,
      answer.value.flags.map((flag) => ({ flag })),
    );
  },
);

function badName(problems: readonly { code: string }[]) {
  return problems.some(({ code }) => code === 'DOCUMENT_SHAPE') ? lcdiCodes.badArgument : undefined;
}
