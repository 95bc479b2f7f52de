import { sayDuration } from '@holdfast/core';
import { z } from 'zod';
import { budgetOf } from '../budgetOf.ts';
import { callableActions } from '../callAction.ts';
import type { Kit } from '../contract.ts';
import { openKit } from './openKit.ts';
import { print } from './print.ts';
import { readWords } from './readWords.ts';
import { UsageError } from './usageError.ts';

type Shown = Readonly<{
  name: string;
  type: string;
  required: boolean;
  default?: unknown;
  description: string;
}>;

/** `holdfast kit show`: what a kit protects, what can be set, and what it can do. */
export async function showCommand(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(words, { json: { type: 'boolean', default: false } });
  const [name, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`too many words: ${others.join(' ')}`);
  const kit = await openKit(name);
  const settings = settingsOf(kit);
  const actions = callableActions
    .filter((action) => kit[action] !== undefined)
    .map((action) => ({ action, timeoutMs: budgetOf(kit, action) }));
  const document = {
    version: 1,
    type: kit.type,
    summary: kit.summary,
    contract: kit.contract,
    exclusive: kit.exclusive,
    settings,
    actions,
  };
  print(values.json, document, () =>
    [
      `${kit.type}: ${kit.summary}`,
      `contract ${kit.contract}${kit.exclusive === 'data' ? '; a double run destroys data' : ''}`,
      '',
      'settings',
      ...settings.map(showSetting),
      '',
      'actions, each with the time that it has where the policy gives none',
      ...actions.map(({ action, timeoutMs }) => `  ${action.padEnd(12)}${sayDuration(timeoutMs)}`),
    ].join('\n'),
  );
  return 0;
}

type Schema = Readonly<{
  type?: string;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  description?: string;
}>;

function settingsOf(kit: Kit): readonly Shown[] {
  const schema = z.toJSONSchema(kit.settings, { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required ?? []);
  return Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(([name, one]) => ({
    name,
    type: sayType(one),
    required: required.has(name),
    ...(one.default === undefined ? {} : { default: one.default }),
    description: one.description ?? '',
  }));
}

function sayType(schema: Schema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.anyOf !== undefined) return schema.anyOf.map(sayType).join(' or ');
  if (schema.items !== undefined) return `list of ${sayType(schema.items)}`;
  const { type = 'any', minimum, maximum } = schema;
  const isBound = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const from = isBound(minimum) ? ` from ${minimum}` : '';
  return `${type}${from}${isBound(maximum) ? ` to ${maximum}` : ''}`;
}

function showSetting(shown: Shown): string {
  const wanted = shown.required
    ? 'needed'
    : 'default' in shown
      ? `default ${JSON.stringify(shown.default)}`
      : 'optional';
  return `  ${shown.name}  (${shown.type}; ${wanted})\n      ${shown.description}`;
}
