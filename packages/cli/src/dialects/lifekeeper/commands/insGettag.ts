import { plain } from '../../../text/plain.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, refuse, report } from '../lcdi/defineCommand.ts';
import { findInstances } from '../lcdi/findInstances.ts';
import { appAndTypeOf } from '../names.ts';

export const insGettag = defineCommand(
  {
    name: 'ins_gettag',
    synopsis: '-i ID',
    says: 'Prints the tag of the resource with an ID: an address with or without IP- before it, a mount point, a data directory. An ID is unique within a type, so there may be several lines.',
    values: { i: ['ID', 'The ID'] },
    required: ['i'],
    examples: [
      ['ins_gettag -i IP-10.77.0.50', 'Who protects this address?'],
      ['ins_gettag -i /srv/mail', 'Who protects this mount?'],
    ],
  },
  async (call) => {
    const status = await call.client.status();
    if (!status.ok) return report(call, status.trouble);
    const { i: id = '' } = call.values;
    const found = findInstances(status.value, { id });
    if (found.length === 0) {
      return refuse(call, lcdiCodes.missing, {
        code: 'UNKNOWN_ID',
        what: `No resource has the ID ${id}`,
        why: 'nothing here protects it',
        todo: 'list the IDs: ins_list -f:',
      });
    }
    const records = found.map((resource) => ({ tag: resource.tag, ...appAndTypeOf(resource) }));
    call.around.out.print(
      ...(call.isJson
        ? [JSON.stringify({ schema: 'holdfast.records/1', command: call.name, records })]
        : found.map(({ tag }) => plain(tag))),
    );
    return lcdiCodes.done;
  },
);
