import { changeDocument, noSuchTag, refused } from '../edit/changeDocument.ts';
import type { Draft } from '../edit/document.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, misuse } from '../lcdi/defineCommand.ts';

export const depRemove = defineCommand(
  {
    name: 'dep_remove',
    synopsis: '[-p PARENT] [-c CHILD]',
    says: 'Takes a dependency out of the configuration: with -p alone all that PARENT needs, with -c alone all that need CHILD. What splits from a hierarchy keeps its priorities.',
    values: { p: ['PARENT', 'What needs the other'], c: ['CHILD', 'What is needed'] },
    changes: true,
    examples: [
      ['dep_remove -p mail -c mail-ip', 'mail no longer needs its address'],
      ['dep_remove -p mail', 'mail needs nothing any more'],
    ],
  },
  async (call) => {
    const { p: parent, c: child } = call.values;
    if (parent === undefined && child === undefined) return misuse(call, 'give -p, -c or both');
    return changeDocument(call, (draft) => {
      const unknown = [parent, child].find(
        (tag) => tag !== undefined && !Object.hasOwn(draft.resources, tag),
      );
      if (unknown !== undefined) return noSuchTag(unknown, Object.keys(draft.resources));
      if (remove(draft, parent, child)) return { kind: 'changed' };
      return refused(lcdiCodes.missing, {
        code: 'UNKNOWN_DEPENDENCY',
        what: `There is no dependency of ${parent ?? 'anything'} on ${child ?? 'anything'}`,
        why: 'the configuration has none',
        todo: 'list them: dep_list -f:',
      });
    });
  },
);

function remove({ resources }: Draft, parent: string | undefined, child: string | undefined): boolean {
  let isRemoved = false;
  for (const [tag, resource] of Object.entries(resources)) {
    if (parent !== undefined && tag !== parent) continue;
    for (const list of ['needs', 'needsAny'] as const) {
      const before = resource[list] ?? [];
      const after = child === undefined ? [] : before.filter((one) => one !== child);
      if (after.length === before.length) continue;
      isRemoved = true;
      resource[list] = after;
    }
  }
  return isRemoved;
}
