import { changeDocument, noSuchTag } from '../edit/changeDocument.ts';
import { idSettings, readInfo } from '../edit/info.ts';
import { defineCommand } from '../lcdi/defineCommand.ts';
import { badInfo } from './insCreate.ts';

export const insSetinfo = defineCommand(
  {
    name: 'ins_setinfo',
    synopsis: '-t TAG [-v INFO]',
    says: 'Gives a resource new settings in place of those that it has. What its ID says stays unless it is named. A setting that differs on one node stays as it is there.',
    values: { t: ['TAG', 'The resource'], v: ['INFO', 'Its settings, as ins_list shows them'] },
    required: ['t'],
    changes: true,
    examples: [["ins_setinfo -t mail-ip -v 'address=10.77.0.50/24 device=eth1'", 'Another device']],
  },
  async (call) => {
    const { t: tag = '', v: info = '' } = call.values;
    return changeDocument(call, (draft) => {
      const resource = Object.hasOwn(draft.resources, tag) ? draft.resources[tag] : undefined;
      if (resource === undefined) return noSuchTag(tag, Object.keys(draft.resources));
      const read = readInfo(resource.type, info);
      if ('why' in read) return badInfo(info, read.why);
      const name = idSettings[resource.type];
      const kept = name === undefined ? {} : { [name]: resource.settings?.[name] };
      const settings = { ...kept, ...read.settings };
      if (JSON.stringify(settings) === JSON.stringify(resource.settings))
        return { kind: 'same', says: `these are the settings of ${tag}` };
      resource.settings = settings;
      return { kind: 'changed' };
    });
  },
);
