import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, misuse, report, succeed } from '../lcdi/defineCommand.ts';

export const lkConfirmso = defineCommand(
  {
    name: 'lk_confirmso',
    synopsis: '-y NODE | -n NODE',
    says: 'Answers whether what NODE had, which is down, is taken over, where the flag confirmso!NODE asks for a word. Without an answer it waits: nothing is taken over because time has passed.',
    values: {
      y: ['NODE', 'It is taken over'],
      n: ['NODE', 'It is not, before NODE is back'],
    },
    changes: false,
    examples: [['lk_confirmso -y alpha', 'Take over what alpha had']],
  },
  async (call) => {
    const { y, n } = call.values;
    const node = y ?? n;
    if (node === undefined || (y !== undefined && n !== undefined))
      return misuse(call, 'give -y or -n, and a node');
    const answer = y === undefined ? 'no' : 'yes';
    const said = await call.client.confirmFailover({ node, answer, by: call.around.by });
    if (!said.ok) {
      const nothing = said.trouble.problems.some(({ code }) => code === 'NOTHING_WAITS');
      return report(call, said.trouble, nothing ? lcdiCodes.missing : undefined);
    }
    const lines = said.value.hierarchies.map((one) => `${one.node} takes over ${one.id}`);
    return succeed(call, { lines, more: { ...said.value } });
  },
);
