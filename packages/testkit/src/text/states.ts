import { type State, type StateOf, type Tag, states as words } from '@holdfast/core';
import { linesOf } from './text.ts';

/** Where resources stand, a line each: `disk ISP`. What is not named is OSU. */
export function states(strings: TemplateStringsArray, ...values: readonly unknown[]): StateOf {
  return statesOf(
    Object.fromEntries(
      linesOf(strings, ...values)
        .filter((line) => line.trim() !== '')
        .map((line) => line.trim().split(/\s+/) as [string, string]),
    ),
  );
}

/** The same from a map. */
export function statesOf(given: Readonly<Record<string, string>>): StateOf {
  const known = new Map(Object.entries(given).map(([tag, word]) => [tag as Tag, stateNamed(tag, word)]));
  return (tag) => known.get(tag) ?? 'OSU';
}

function stateNamed(tag: string, word: string): State {
  const state = words.find((one) => one === word);
  if (state === undefined)
    throw new Error(`${tag} cannot be "${word}": a state is one of ${words.join(', ')}`);
  return state;
}
