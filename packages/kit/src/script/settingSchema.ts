import { isIP } from 'node:net';
import { posix } from 'node:path';
import { assertNever } from '@holdfast/core';
import { z } from 'zod';
import type { WrittenSetting } from './kitFile.ts';

/** One setting of kit.yaml as a zod schema, whose words say what is allowed and show an example. */
export function settingSchema(setting: WrittenSetting): z.ZodType {
  const allowed = `${sayAllowed(setting)}, such as ${JSON.stringify(exampleOf(setting))}`;
  const value = valueSchema(setting, allowed);
  const described = (schema: z.ZodType): z.ZodType =>
    schema.describe(`${withoutStop(setting.description)}: ${allowed}. ${capital(setting.effect)}.`);
  if ('default' in setting && setting.default !== undefined) return described(value.default(setting.default));
  return described(setting.required ? value : value.optional());
}

/** What is allowed, in words. */
export function sayAllowed(setting: WrittenSetting): string {
  switch (setting.type) {
    case 'text':
      return (
        setting.allowed ??
        (setting.pattern === undefined ? 'a text of one line' : `a text like ${setting.pattern}`)
      );
    case 'integer':
      return `a whole number${ofUnit(setting)}${sayBounds(setting)}`;
    case 'number':
      return `a number${ofUnit(setting)}${sayBounds(setting)}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${setting.of.join(', ')}`;
    case 'path':
      return 'an absolute path without . and .., and without a slash at its end';
    case 'port':
      return 'a port from 1 to 65535';
    case 'address':
      return 'an IP address';
    case 'secretFile':
      return 'the absolute path of a file with the secret';
    case 'list':
      return `a list of up to ${setting.max}, each ${sayAllowed(itemOf(setting))}`;
    default:
      return assertNever(setting);
  }
}

/** What a person can write there: the example, the default, or one that the type has. */
function exampleOf(setting: WrittenSetting): unknown {
  if (setting.example !== undefined) return setting.example;
  if ('default' in setting && setting.default !== undefined) return setting.default;
  switch (setting.type) {
    case 'text':
      return 'text';
    case 'integer':
    case 'number':
      return setting.min ?? setting.max ?? 1;
    case 'boolean':
      return true;
    case 'choice':
      return setting.of[0];
    case 'path':
      return '/srv/data';
    case 'port':
      return 5000;
    case 'address':
      return '10.77.0.50';
    case 'secretFile':
      return '/etc/holdfast/secrets/password';
    case 'list':
      return [exampleOf(itemOf(setting))];
    default:
      return assertNever(setting);
  }
}

function valueSchema(setting: WrittenSetting, allowed: string): z.ZodType {
  const text = z.string(allowed).refine((value) => !hasControl(value), allowed);
  switch (setting.type) {
    case 'text': {
      if (setting.pattern === undefined) return text;
      const pattern = new RegExp(`^(?:${setting.pattern})$`, 'u');
      return text.refine((value) => pattern.test(value), allowed);
    }
    case 'integer':
      return bounded(z.int(allowed), setting, allowed);
    case 'number':
      return bounded(z.number(allowed), setting, allowed);
    case 'boolean':
      return z.boolean(allowed);
    case 'choice':
      return z.enum(setting.of, allowed);
    case 'path':
    case 'secretFile':
      return text.refine(isPlainPath, allowed);
    case 'port':
      return z.int(allowed).min(1, allowed).max(65_535, allowed);
    case 'address':
      return text.refine((value) => isIP(value) !== 0, allowed);
    case 'list':
      return z.array(valueSchema(itemOf(setting), allowed), allowed).max(setting.max, allowed);
    default:
      return assertNever(setting);
  }
}

function bounded(
  schema: z.ZodNumber,
  { min, max }: { min?: number | undefined; max?: number | undefined },
  allowed: string,
): z.ZodNumber {
  const above = min === undefined ? schema : schema.min(min, allowed);
  return max === undefined ? above : above.max(max, allowed);
}

type List = Extract<WrittenSetting, { type: 'list' }>;

/** A value of a list, as if it were a setting. */
function itemOf({ of, unit, description, effect }: List): WrittenSetting {
  const shared = { description, effect, required: true };
  if (of === 'integer') return { type: of, ...(unit === undefined ? {} : { unit }), ...shared };
  return { type: of, ...shared };
}

/** The executables get one line for each value, and a path must mean the same to all who compare it. */
function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  return /[\u0000-\u001f\u007f]/.test(text);
}

function isPlainPath(path: string): boolean {
  return path.startsWith('/') && path !== '/' && posix.normalize(path) === path && !path.endsWith('/');
}

function ofUnit({ unit }: { unit?: string | undefined }): string {
  return unit === undefined ? '' : ` of ${unit}`;
}

function sayBounds({ min, max }: { min?: number | undefined; max?: number | undefined }): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? '' : `, at most ${max}`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
