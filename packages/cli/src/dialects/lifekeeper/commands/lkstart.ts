import { isListening } from '@holdfast/client';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, misuse, refuse, succeed } from '../lcdi/defineCommand.ts';
import { waitFor } from '../waitFor.ts';

export const lkstart = defineCommand(
  {
    name: 'lkstart',
    synopsis: '[-w SECONDS]',
    says: 'Starts the agent of this node: through systemd when it has a unit for it, else by itself, detached, with its log in /var/log/holdfast/agent.log. What was in service when it was stopped comes back.',
    values: { w: ['SECONDS', 'Wait so long for it to answer; ends with 1 when it does not'] },
    isLocal: true,
    examples: [
      ['lkstart', 'Start it'],
      ['lkstart -w 60 && lcdstatus -q', 'Start it, and see'],
    ],
  },
  async (call) => {
    const { around, client } = call;
    const { w: wait } = call.values;
    if (wait !== undefined && !/^\d{1,5}$/.test(wait)) return misuse(call, '-w takes seconds');
    const isUp = (await isListening(around.paths.socket)) === 'yes';
    if (!isUp) {
      const { startProgram } = await import('../startProgram.ts');
      const started = await startProgram(around.root);
      if (!started.ok) return refuse(call, lcdiCodes.failed, started.problem);
    }
    const answers = async () => {
      if ((await isListening(around.paths.socket)) !== 'yes') return false;
      const status = await client.status();
      return status.ok && status.value.agent.phase === 'running';
    };
    if (wait !== undefined && !(await waitFor(answers, Number(wait) * 1000))) {
      return refuse(call, lcdiCodes.failed, {
        code: 'AGENT_NOT_READY',
        what: `The agent does not answer after ${wait} s`,
        why: 'it was started, and is not ready, or has ended again',
        todo: 'see its log: /var/log/holdfast/agent.log, or journalctl -u holdfast',
      });
    }
    if (isUp)
      return succeed(call, { result: 'nothing-to-do', lines: ['nothing to do: the agent is running'] });
    return succeed(call, { lines: [wait === undefined ? 'started' : 'started, and it answers'] });
  },
);
