import type { Configuration } from '@holdfast/core';
import { configurationOf, type GivenResource } from './configurationOf.ts';
import { linesOf } from './text.ts';

type Template = (strings: TemplateStringsArray, ...values: readonly unknown[]) => Configuration;

const lists = ['needs', 'needsAny', 'after'] as const;

/**
 * A configuration in text, a resource a line; a resource of which nothing is to say may be left out.
 *
 *   billing  needs disk
 *   mirror   needsAny left right
 *   log      after billing
 *   disk     plain                  (of the type `plain`, which cannot be recovered in place)
 */
export const hierarchy: Template = hierarchyOn('alpha');

/** The same on other nodes, the best first. */
export function hierarchyOn(...nodes: readonly string[]): Template {
  return (strings, ...values) => configurationOf({ nodes, resources: parse(linesOf(strings, ...values)) });
}

function parse(lines: readonly string[]): Record<string, GivenResource> {
  const resources: Record<string, GivenResource> = {};
  for (const line of lines) {
    const [tag, ...words] = line.trim().split(/\s+/);
    if (tag === undefined || tag === '') continue;
    const resource = parseWords(words, line);
    resources[tag] = resource;
    for (const named of lists.flatMap((list) => resource[list] ?? [])) resources[named] ??= {};
  }
  return resources;
}

function parseWords(words: readonly string[], line: string): GivenResource {
  const found: { [List in (typeof lists)[number]]?: string[] } & { type?: string } = {};
  let list: string[] | undefined;
  for (const word of words) {
    const keyword = lists.find((one) => one === word);
    if (keyword !== undefined) {
      list = [];
      found[keyword] = list;
    } else if (list !== undefined) list.push(word);
    else if (found.type === undefined) found.type = word;
    else throw new Error(`cannot read "${line}": write tag [type] [needs a b] [needsAny c d] [after e]`);
  }
  return found;
}
