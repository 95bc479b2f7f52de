import { type Configuration, readDocument } from '@holdfast/core';
import { fakeTypes } from './fakeType.ts';

/** One resource as a test describes it; whatever is left out is as in a document. */
export type GivenResource = Readonly<{
  type?: string;
  settings?: Readonly<Record<string, unknown>>;
  needs?: readonly string[];
  needsAny?: readonly string[];
  after?: readonly string[];
  policy?: unknown;
}>;

export type GivenDocument = Readonly<{
  nodes?: readonly string[];
  resources: Readonly<Record<string, GivenResource | null>>;
  hierarchies?: unknown;
  policy?: unknown;
}>;

/** The document that an operator would have written: type `fake`, named by its tag, on the node alpha. */
export function documentOf({ nodes = ['alpha'], resources, ...rest }: GivenDocument): unknown {
  const written = Object.entries(resources).map(([tag, resource]) => [
    tag,
    { type: 'fake', ...resource, settings: { name: tag, ...resource?.settings } },
  ]);
  return { nodes, resources: Object.fromEntries(written), ...rest };
}

/** Read by the core like every other document, so that no test rests on a configuration that could not be. */
export function configurationOf(given: GivenDocument): Configuration {
  const read = readDocument(documentOf(given), fakeTypes);
  if (read.ok) return read.value;
  const said = read.problems.map(({ code, path, what }) => `${code} ${path}: ${what}`);
  throw new Error(`the test describes no sound configuration:\n${said.join('\n')}`);
}
