import type { FenceDevice } from '@holdfast/core';

/**
 * Which parameters an agent needs, by its own description, and is not given. An agent may know one thing by an older name
 * too: either will do. What Holdfast tells it itself is not missing.
 */
export function findMissing(metadata: string, { parameters }: Pick<FenceDevice, 'parameters'>): string[] {
  const described = [...metadata.matchAll(/<parameter\s([^>]*)>([\s\S]*?)<\/parameter>/g)].map(
    ([, attributes = '', inner = '']) => ({
      name: attributeOf(attributes, 'name') ?? '',
      isNeeded: attributeOf(attributes, 'required') === '1' && !/<content\b[^>]*\bdefault=/.test(inner),
      isOld: attributeOf(attributes, 'deprecated') === '1',
      older: attributeOf(attributes, 'obsoletes'),
    }),
  );
  const isGiven = (name: string | undefined): boolean =>
    name !== undefined && Object.hasOwn(parameters, name);
  return described
    .filter(({ name, isNeeded, isOld, older }) => isNeeded && !isOld && !isGiven(name) && !isGiven(older))
    .map(({ name }) => name)
    .filter((name) => !['', 'action', 'nodename'].includes(name));
}

function attributeOf(attributes: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
}
