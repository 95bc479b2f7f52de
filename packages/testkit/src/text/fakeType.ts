import type { Action, ResourceType, TypeName } from '@holdfast/core';
import { z } from 'zod';

/**
 * A type of which every setting is right. Its identity is the setting `name`; `documentOf` gives each resource its
 * tag as that name unless the test says otherwise.
 */
export function fakeType(
  type = 'fake',
  actions: readonly Action[] = ['restore', 'remove', 'quickCheck', 'recover'],
): ResourceType {
  return {
    type: type as TypeName,
    settings: z.looseObject({ name: z.string() }),
    identity: (settings) => (settings as { name: string }).name,
    actions,
  };
}

/** What a resource can be made of in text: `fake` can be recovered in place, `plain` only be restarted, `deep` also be checked deeply. */
export const fakeTypes: readonly ResourceType[] = [
  fakeType(),
  fakeType('plain', ['restore', 'remove', 'quickCheck']),
  fakeType('deep', ['restore', 'remove', 'quickCheck', 'recover', 'deepCheck']),
];
