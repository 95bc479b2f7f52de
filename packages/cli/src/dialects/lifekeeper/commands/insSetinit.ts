import { changeDocument, noSuchTag } from '../edit/changeDocument.ts';
import { onlyAutomatic } from '../initialize.ts';
import { defineCommand } from '../lcdi/defineCommand.ts';

export const insSetinit = defineCommand(
  {
    name: 'ins_setinit',
    synopsis: '-t TAG -I AUTORES_ISP',
    says: 'Says what is done with a resource when the agent starts. Here that is always what AUTORES_ISP means: what was in service comes back, and what was taken out stays out. Any other value is refused.',
    values: { t: ['TAG', 'The resource'], I: ['INIT', 'AUTORES_ISP'] },
    required: ['t', 'I'],
    changes: true,
    examples: [['ins_setinit -t mail -I AUTORES_ISP', 'Changes nothing: it is so']],
  },
  async (call) =>
    changeDocument(call, (draft) => {
      const { t: tag = '', I: init } = call.values;
      if (!Object.hasOwn(draft.resources, tag)) return noSuchTag(tag, Object.keys(draft.resources));
      return onlyAutomatic(init) ?? { kind: 'same', says: `${tag} is AUTORES_ISP` };
    }),
);
