import type { NotifierSettings } from '@holdfast/core';
import { accountOf, run } from '@holdfast/kit';
import type { Sender } from '../../index.ts';

type Settings = Extract<NotifierSettings, { type: 'command' }>;

/**
 * Runs a program for each message, which gets it as JSON on its standard input and the most important of it in its
 * environment. Over its time it is ended with all that it started.
 */
export function commandSender(settings: Settings): Sender {
  const argv = settings.argv as [string, ...string[]];
  return {
    to: argv[0],
    send: async (message, signal) => {
      const account = settings.user === undefined ? undefined : await accountOf(settings.user, run);
      if (settings.user !== undefined && account === undefined)
        return { ok: false, final: false, says: `this node does not know the account ${settings.user}` };
      const result = await run(argv, {
        budgetMs: settings.timeout,
        signal,
        input: `${JSON.stringify(message)}\n`,
        env: {
          HOLDFAST_NODE: message.node,
          HOLDFAST_MESSAGE: message.id,
          HOLDFAST_SEVERITY: message.severity,
          HOLDFAST_SUBJECT: message.subject,
        },
        ...(account === undefined ? {} : { account }),
      });
      return { ok: result.ok, final: false, says: result.says };
    },
  };
}
