import { changeDocument, type Edit, refused } from '../edit/changeDocument.ts';
import type { Draft } from '../edit/document.ts';
import { entryOf } from '../edit/groups.ts';
import { idSettings, readInfo, settingOfId } from '../edit/info.ts';
import { isSwitchback, onlyAutomatic } from '../initialize.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, misuse } from '../lcdi/defineCommand.ts';
import { typeNamed } from '../names.ts';

export const insCreate = defineCommand(
  {
    name: 'ins_create',
    synopsis: '-a APP -r TYPE [-I AUTORES_ISP] [-v INFO] [-s INTELLIGENT|AUTOMATIC] -t TAG -i ID',
    says: "Describes a new resource in the configuration. It is out of service until it is restored. INFO has its settings as name=value words; for an address it may be LifeKeeper's own: SERVER INTERFACE ADDRESS MASK none. What the ID says need not be said again.",
    values: {
      a: ['APP', 'Application: comm, gen, database, mail'],
      r: ['TYPE', 'Type: ip, filesys, pgsql, postfix, or with gen any of typ_list'],
      I: ['INIT', 'AUTORES_ISP, which is all there is'],
      v: ['INFO', 'Settings'],
      s: ['SWITCHBACK', 'INTELLIGENT or AUTOMATIC; of its hierarchy'],
      t: ['TAG', 'The name of the new resource'],
      i: ['ID', 'What it protects'],
    },
    required: ['a', 'r', 't', 'i'],
    changes: true,
    examples: [
      ['ins_create -a comm -r ip -t mx -i IP-10.77.0.5 -v address=10.77.0.5/24', 'An address'],
      ['ins_create -a gen -r filesys -t disk -i /srv/mail -v device=LABEL=mail', 'A mount'],
    ],
  },
  async (call) => {
    const { I: init, s: switchback } = call.values;
    if (switchback !== undefined && !isSwitchback(switchback))
      return misuse(call, '-s takes INTELLIGENT or AUTOMATIC');
    const refusal = onlyAutomatic(init);
    const { a: app = '', r: type = '', t: tag = '', i: id = '', v: info = '' } = call.values;
    return changeDocument(call, (draft) =>
      refusal === undefined ? create(draft, { app, type, tag, id, info, switchback }) : refusal,
    );
  },
);

type New = Readonly<{
  app: string;
  type: string;
  tag: string;
  id: string;
  info: string;
  switchback?: string | undefined;
}>;

function create(draft: Draft, { app, type, tag, id, info, switchback }: New): Edit {
  if (Object.hasOwn(draft.resources, tag)) {
    return refused(lcdiCodes.exists, {
      code: 'TAG_EXISTS',
      what: `There is a resource ${tag} already`,
      why: `the configuration describes a ${draft.resources[tag]!.type} with this tag`,
      todo: 'choose another tag, or change that one',
    });
  }
  const own = typeNamed({ app, type });
  if (own === undefined) {
    return refused(lcdiCodes.missing, {
      code: 'UNKNOWN_TYPE',
      what: `The application ${app} has no type ${type}`,
      why: "LifeKeeper's names for the types here are those of typ_list",
      todo: 'list them: typ_list -f:',
    });
  }
  const read = readInfo(own, info);
  if ('why' in read) return badInfo(info, read.why);
  const name = idSettings[own];
  const given = name === undefined ? undefined : read.settings[name];
  if (given !== undefined && !isSame(own, String(given), id))
    return badInfo(info, `its ${name} is not what the ID ${id} says`);
  const fromId = name === undefined || given !== undefined ? {} : { [name]: settingOfId(own, id) };
  draft.resources[tag] = { type: own, settings: { ...fromId, ...read.settings } };
  if (switchback === 'AUTOMATIC') entryOf(draft, tag).switchback = switchback;
  return { kind: 'changed' };
}

function isSame(type: string, setting: string, id: string): boolean {
  return type === 'ip' ? setting.split('/')[0] === settingOfId(type, id).split('/')[0] : setting === id;
}

export function badInfo(info: string, why: string): Edit {
  return refused(lcdiCodes.badArgument, {
    code: 'BAD_INFO',
    what: `The info "${info}" cannot be used`,
    why,
    todo: 'see ins_list -f: for how the info of a resource looks',
  });
}
