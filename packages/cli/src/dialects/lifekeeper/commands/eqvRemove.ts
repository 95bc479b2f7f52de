import { changeDocument, refused } from '../edit/changeDocument.ts';
import { endsProblem, rankOf } from '../edit/equivalencies.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand } from '../lcdi/defineCommand.ts';

export const eqvRemove = defineCommand(
  {
    name: 'eqv_remove',
    synopsis: '[-s SYSTEM] -t TAG [-S OTHER] -o OTHERTAG -e SHARED',
    says: 'Lets the hierarchy of a resource no longer run on the other system. Refused where it runs now.',
    values: {
      s: ['SYSTEM', 'The system that it stays on; this node when left out'],
      t: ['TAG', 'The resource'],
      S: ['OTHER', 'The system that it leaves; this node when left out'],
      o: ['OTHERTAG', 'The tag there: the same'],
      e: ['KIND', 'SHARED'],
    },
    required: ['t', 'o', 'e'],
    changes: true,
    examples: [['eqv_remove -s alpha -t mail -S beta -o mail -e SHARED', 'mail runs no more on beta']],
  },
  async (call) => {
    const { s, t: tag = '', S, o: otherTag = '', e: kind = '' } = call.values;
    const { entryOf } = await import('../edit/groups.ts');
    return changeDocument(call, async (draft, status) => {
      const [system, other] = [s ?? status.node, S ?? status.node];
      const problem = await endsProblem(draft, { system, tag, other, otherTag, kind });
      if (problem !== undefined) return problem;
      const { [other]: leaves, ...stays } = rankOf(status, tag);
      if (leaves === undefined || stays[system] === undefined) {
        return refused(lcdiCodes.missing, {
          code: 'NO_EQUIVALENCY',
          what: `${tag} does not run on both ${system} and ${other}`,
          why: 'its hierarchy has no priority on one of them',
          todo: 'list them: eqv_list -f:',
        });
      }
      const id = status.resources.find((resource) => resource.tag === tag)?.hierarchy;
      if (status.hierarchies.find((hierarchy) => hierarchy.id === id)?.owner === other) {
        return refused(lcdiCodes.failed, {
          code: 'RESOURCE_IN_SERVICE',
          what: `${tag} cannot leave ${other}`,
          why: `${other} holds its hierarchy, and something of it may run there`,
          todo: `take it out of service there first: perform_action -t ${tag} -a remove -b`,
        });
      }
      entryOf(draft, tag).nodes = stays;
      return { kind: 'changed' };
    });
  },
);
