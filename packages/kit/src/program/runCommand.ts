import { hostname } from 'node:os';
import { z } from 'zod';
import { type CallableAction, callAction, callableActions } from '../callAction.ts';
import { openKit } from './openKit.ts';
import { print } from './print.ts';
import { readJson } from './readJson.ts';
import { readWords } from './readWords.ts';
import { UsageError } from './usageError.ts';

/** `holdfast kit run`: one action alone, called as the engine would call it. */
export async function runCommand(words: readonly string[]): Promise<number> {
  const end = words.indexOf('--');
  const { values, positionals } = readWords(end === -1 ? words : words.slice(0, end), {
    settings: { type: 'string' },
    tag: { type: 'string', default: 'by-hand' },
    budget: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [name, actionName, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`too many words: ${others.join(' ')}`);
  const kit = await openKit(name);
  const action = readAction(actionName);
  const settings = kit.settings.safeParse(await readJson(values.settings, 'settings'));
  if (!settings.success)
    throw new UsageError(`the settings are refused:\n${z.prettifyError(settings.error)}`);

  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const { answer, fault, tookMs } = await callAction({
    kit,
    action,
    settings: settings.data,
    tag: values.tag,
    node: hostname(),
    args: end === -1 ? [] : words.slice(end + 1),
    budgetMs: readBudget(values.budget) ?? kit.budgets[action === 'deepCheck' ? 'quickCheck' : action],
    signal: stopped.signal,
  });
  print(
    values.json,
    { version: 1, kit: kit.type, action, ...answer, fault, tookMs: Math.round(tookMs) },
    () => {
      const todo = answer !== undefined && 'todo' in answer ? `\n  do    ${answer.todo}` : '';
      if (answer === undefined || fault !== undefined)
        return `this is a fault in the kit ${kit.type}: ${fault}`;
      const word = 'result' in answer ? answer.result : answer.finding;
      return `${action}: ${word}, ${Math.round(tookMs)} ms\n  saw   ${answer.evidence}${todo}`;
    },
  );
  if (answer === undefined || fault !== undefined) return 1;
  return ('result' in answer ? answer.result === 'done' : answer.finding === 'in-service') ? 0 : 1;
}

function readAction(word: string | undefined): CallableAction {
  const action = callableActions.find((one) => one === word);
  if (action === undefined) throw new UsageError(`name an action: ${callableActions.join(', ')}`);
  return action;
}

function readBudget(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const budgetMs = Number(word);
  if (!Number.isInteger(budgetMs) || budgetMs < 1) {
    throw new UsageError(`--budget ${word} is not a number of milliseconds`);
  }
  return budgetMs;
}
