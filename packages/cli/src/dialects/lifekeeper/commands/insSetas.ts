import { changeDocument, noSuchTag } from '../edit/changeDocument.ts';
import { isSwitchback } from '../initialize.ts';
import { defineCommand, misuse } from '../lcdi/defineCommand.ts';

export const insSetas = defineCommand(
  {
    name: 'ins_setas',
    synopsis: '-t TAG -s INTELLIGENT|AUTOMATIC',
    says: 'Says whether the hierarchy of a resource goes back by itself to the better node when that returns. It is one answer for all of the hierarchy.',
    values: { t: ['TAG', 'Any resource of it'], s: ['SWITCHBACK', 'INTELLIGENT or AUTOMATIC'] },
    required: ['t', 's'],
    changes: true,
    examples: [['ins_setas -t mail -s AUTOMATIC', 'Back to the better node by itself']],
  },
  async (call) => {
    const { t: tag = '', s: switchback = '' } = call.values;
    if (!isSwitchback(switchback)) return misuse(call, '-s takes INTELLIGENT or AUTOMATIC');
    const { entryOf, hierarchyOf } = await import('../edit/groups.ts');
    return changeDocument(call, (draft) => {
      if (!Object.hasOwn(draft.resources, tag)) return noSuchTag(tag, Object.keys(draft.resources));
      const { name } = hierarchyOf(draft, tag);
      const now = (name === undefined ? undefined : draft.hierarchies?.[name]?.switchback) ?? 'INTELLIGENT';
      if (now === switchback) return { kind: 'same', says: `the hierarchy of ${tag} is ${now}` };
      entryOf(draft, tag).switchback = switchback;
      return { kind: 'changed' };
    });
  },
);
