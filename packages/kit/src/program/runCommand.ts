import { hostname } from 'node:os';
import { z } from 'zod';
import { budgetOf } from '../budgetOf.ts';
import { type ActionAnswer, type CallableAction, callAction, callableActions } from '../callAction.ts';
import type { AbortStep, KitLog } from '../contract.ts';
import { openKit } from './openKit.ts';
import { print } from './print.ts';
import { readData } from './readData.ts';
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
  const settings = kit.settings.safeParse(await readData(values.settings, 'settings'));
  if (!settings.success)
    throw new UsageError(`the settings are refused:\n${z.prettifyError(settings.error)}`);

  const memory = new Map<string, unknown>();
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const { answer, fault, tookMs } = await callAction({
    kit,
    action,
    settings: settings.data,
    tag: values.tag,
    node: hostname(),
    args: end === -1 ? [] : words.slice(end + 1),
    budgetMs: readBudget(values.budget) ?? budgetOf(kit, action),
    signal: stopped.signal,
    log: values.json ? quiet : aloud,
    memory,
  });
  await kit
    .close?.(memory)
    .catch((error: unknown) =>
      aloud.warn({}, `a fault in the kit ${kit.type}: close threw: ${String(error)}`),
    );
  print(
    values.json,
    { version: 1, kit: kit.type, action, ...asFields(answer), fault, tookMs: Math.round(tookMs) },
    () => {
      if (answer === undefined || fault !== undefined)
        return `this is a fault in the kit ${kit.type}: ${fault}`;
      return [`${action}: ${wordOf(answer)}, ${Math.round(tookMs)} ms`, ...linesOf(answer)].join('\n');
    },
  );
  if (answer === undefined || fault !== undefined) return 1;
  return goodWords.includes(wordOf(answer)) ? 0 : 1;
}

/** What the kit logs belongs to a person who tries it, beside the answer. */
const tell = (_fields: object, says: string): void => {
  process.stderr.write(`  log   ${says}\n`);
};
const aloud: KitLog = { debug: tell, info: tell, warn: tell };
const ignore = (): void => undefined;
const quiet: KitLog = { debug: ignore, info: ignore, warn: ignore };

type Answer = NonNullable<ActionAnswer['answer']>;
const goodWords = ['done', 'in-service', 'ready', 'as data'];

/** An answer in one word, whatever the action. */
function wordOf(answer: Answer): string {
  if (isList(answer)) return 'as data';
  if ('result' in answer) return answer.result;
  if ('finding' in answer) return answer.finding;
  return answer.ready ? 'ready' : 'not ready';
}

function linesOf(answer: Answer): string[] {
  if (isList(answer))
    return answer.map(({ argv, budgetMs }) => `  run   ${argv.join(' ')}  (${budgetMs} ms)`);
  const todo = 'todo' in answer && answer.todo !== '' ? [`  do    ${answer.todo}`] : [];
  const warnings = 'warnings' in answer ? answer.warnings.map((says) => `  warn  ${says}`) : [];
  return [`  saw   ${answer.evidence}`, ...todo, ...warnings];
}

function asFields(answer: Answer | undefined): object {
  return answer !== undefined && isList(answer) ? { steps: answer } : { ...answer };
}

function isList(answer: Answer): answer is readonly AbortStep[] {
  return Array.isArray(answer);
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
