import { readStatusFile } from '@holdfast/client';
import type { Surroundings } from '../program/surroundings.ts';

/** Names for a shell that completes a word, a line each. Nobody waits for a key longer than a file takes to read. */
export async function printNames(around: Surroundings, kind: string): Promise<void> {
  const read = await readStatusFile(around.paths.statusFile);
  if (!read.ok) return;
  const { resources, nodes } = read.value.status;
  const names: Readonly<Record<string, () => readonly string[]>> = {
    tag: () => resources.map(({ tag }) => tag),
    type: () => [...new Set(resources.map(({ type }) => type))].sort(),
    node: () => nodes.map(({ name }) => name),
  };
  if (Object.hasOwn(names, kind)) around.out.print(...names[kind]!());
}
