import { changeDocument, noSuchTag, refused } from '../edit/changeDocument.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand } from '../lcdi/defineCommand.ts';

export const depCreate = defineCommand(
  {
    name: 'dep_create',
    synopsis: '-p PARENT -c CHILD',
    says: 'Lets PARENT need CHILD: CHILD is in service before it and out of service after it, on every node.',
    values: { p: ['PARENT', 'What needs the other'], c: ['CHILD', 'What is needed'] },
    required: ['p', 'c'],
    changes: true,
    examples: [['dep_create -p mail -c mail-ip', 'mail needs its address']],
  },
  async (call) => {
    const { p: parent = '', c: child = '' } = call.values;
    return changeDocument(call, (draft) => {
      const unknown = [parent, child].find((tag) => !Object.hasOwn(draft.resources, tag));
      if (unknown !== undefined) return noSuchTag(unknown, Object.keys(draft.resources));
      const resource = draft.resources[parent]!;
      if ([...(resource.needs ?? []), ...(resource.needsAny ?? [])].includes(child)) {
        return refused(lcdiCodes.exists, {
          code: 'DEPENDENCY_EXISTS',
          what: `${parent} needs ${child} already`,
          why: 'the configuration says so',
          todo: 'nothing is to be done',
        });
      }
      resource.needs = [...(resource.needs ?? []), child];
      return { kind: 'changed' };
    });
  },
);
