import type { Trouble } from '@holdfast/client';

/** For a tag that nobody knows, with the one that was meant most likely. */
export async function unknownTag(tag: string, known: readonly string[]): Promise<Trouble> {
  const { nearest } = await import('@holdfast/core');
  const guess = nearest(tag, known);
  const problem = {
    code: 'UNKNOWN_RESOURCE',
    path: tag,
    what: `There is no resource ${tag}`,
    why: 'the configuration describes none with this tag',
    todo: guess === undefined ? 'list the tags with holdfast resource list' : `did you mean ${guess}?`,
  };
  return { kind: 'Refused', problems: [problem] };
}
