import type { z } from 'zod';
import type { Problem } from '../problem.ts';
import type { ProblemCode } from '../problemCodes.ts';
import { nearest } from './nearest.ts';

type Place = Readonly<{
  code: ProblemCode;
  prefix: string;
  /** The fields that there are, for who misspelt one. */
  fields?: readonly string[] | undefined;
}>;

/** Turns what zod found into problems that an operator can act on. */
export function shapeProblems(
  error: z.ZodError,
  input: unknown,
  place: Place = { code: 'DOCUMENT_SHAPE', prefix: '' },
): Problem[] {
  return plainIssues(error).flatMap((issue) => {
    const path = [place.prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        code: place.code,
        path: path === '' ? key : `${path}.${key}`,
        what: `"${key}" is not a field here`,
        why: 'a misspelt field would otherwise be ignored in silence',
        todo: todoForUnknown(key, issue.path.length === 0 ? place.fields : undefined),
      }));
    }
    const value = valueAt(input, issue.path);
    return {
      code: place.code,
      path,
      what:
        value === undefined
          ? `${path || 'The document'} is missing`
          : `${path || 'The document'} is not valid: ${show(value)}`,
      why: issue.message,
      todo: todoFor(issue),
    };
  });
}

/** Issues without unions: of the forms that a value may have, the one that it comes nearest to says what is wrong. */
export function plainIssues(error: z.ZodError): readonly z.core.$ZodIssue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return issue;
    const isOther = (branch: readonly z.core.$ZodIssue[]) =>
      branch.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
    const nearest = issue.errors.find((branch) => !isOther(branch));
    return nearest?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? issue;
  });
}

function todoForUnknown(key: string, fields: readonly string[] | undefined): string {
  if (fields === undefined) return 'correct the spelling, or take it out';
  const guess = nearest(key, fields);
  return `${guess === undefined ? 'take it out' : `did you mean ${guess}?`}; there are: ${fields.join(', ')}`;
}

function todoFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `write one of: ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `write a value of the type ${issue.expected}`;
    case 'too_small':
      return `write ${issue.minimum} or more`;
    case 'too_big':
      return `write ${issue.maximum} or less`;
    default:
      return 'correct the value';
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
