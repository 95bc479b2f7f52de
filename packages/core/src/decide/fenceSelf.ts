import { isOut } from '../vocabulary.ts';
import { type NamedHierarchy, nextNode } from './eligible.ts';
import { isStuck, type Worksheet } from './worksheet.ts';

/**
 * Why this node is to be taken down: something that is wanted in service would not go from here, its policy says so, and
 * another node is ready to take its hierarchy. What an operator took out waits for a person, whatever the policy.
 */
export function fenceSelf(sheet: Worksheet, named: NamedHierarchy): string | undefined {
  const { configuration, stateOf, intentOf, recordOf, view } = sheet;
  const tag = named.hierarchy.tags.find(
    (one) =>
      !isOut(stateOf(one)) &&
      isStuck(sheet, one) &&
      intentOf(one).want === 'inService' &&
      configuration.resources.get(one)!.policy.removeFails === 'fenceSelf',
  );
  if (tag === undefined) return undefined;
  const to = nextNode(named, view);
  if (to === undefined) return undefined;
  return `${tag} would not go: ${recordOf(tag).failure?.evidence}; so ${view.node} is taken down, and ${to} can take it`;
}
