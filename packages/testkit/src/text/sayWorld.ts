import type { Configuration, StateOf } from '@holdfast/core';

/** A world as a test would write it, for the report of a random test that failed: a line each, with its state. */
export function sayWorld(configuration: Configuration, stateOf: StateOf): string {
  return [...configuration.resources.values()]
    .map(({ tag, type, needs, needsAny, after }) => {
      const lists = Object.entries({ needs, needsAny, after }).filter(([, tags]) => tags.length > 0);
      const said = lists.map(([list, tags]) => `${list} ${tags.join(' ')}`);
      return [tag, ...(type === 'fake' ? [] : [type]), ...said, `(${stateOf(tag)})`].join(' ');
    })
    .join('\n');
}
