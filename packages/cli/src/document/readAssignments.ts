import { parse } from 'yaml';

export type Assignment = Readonly<{ name: string; value: unknown }>;

/**
 * Words such as `port=5432` or `address=10.0.0.1/24`, with values as a document would have them: a number is a number,
 * `[a, b]` is a list, and quotes make a text of anything. Answers with the first word that is none.
 */
export function readAssignments(
  words: readonly string[],
): Readonly<{ ok: true; value: Assignment[] }> | Readonly<{ ok: false; what: string }> {
  const value: Assignment[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) return { ok: false, what: `${word} is not of the form NAME=VALUE` };
    const read = readValue(word.slice(at + 1));
    if (!read.ok) return { ok: false, what: `${word}: ${read.why}` };
    value.push({ name: word.slice(0, at), value: read.value });
  }
  return { ok: true, value };
}

export function readValue(
  text: string,
): Readonly<{ ok: true; value: unknown }> | Readonly<{ ok: false; why: string }> {
  if (text === '') return { ok: true, value: '' };
  try {
    return { ok: true, value: parse(text) };
  } catch (error) {
    return { ok: false, why: (error as Error).message.split('\n')[0]! };
  }
}
