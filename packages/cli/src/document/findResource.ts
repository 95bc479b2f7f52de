import type { SaidProblem } from '@holdfast/core';
import { unknownTag } from '../problems/unknownTag.ts';
import { isPart, type Part } from './paths.ts';

/** The resource of a document by its tag, or the problem that there is none. */
export async function findResource(
  document: Part,
  tag: string,
): Promise<
  Readonly<{ ok: true; resource: Part }> | Readonly<{ ok: false; problems: readonly SaidProblem[] }>
> {
  const resources = isPart(document.resources) ? document.resources : {};
  const resource = Object.hasOwn(resources, tag) ? resources[tag] : undefined;
  if (isPart(resource)) return { ok: true, resource };
  return { ok: false, problems: (await unknownTag(tag, Object.keys(resources))).problems };
}
