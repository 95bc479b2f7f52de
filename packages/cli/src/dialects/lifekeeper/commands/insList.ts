import type { DraftResource } from '../edit/document.ts';
import { infoOf } from '../edit/info.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, report } from '../lcdi/defineCommand.ts';
import { findInstances } from '../lcdi/findInstances.ts';
import { printRecords } from '../lcdi/printRecords.ts';
import { appAndTypeOf, idOf } from '../names.ts';
import { prioritiesOf } from '../priorities.ts';
import { roots } from '../roots.ts';

export const insList = defineCommand(
  {
    name: 'ins_list',
    synopsis: '[-fC] [-R TOP] [-a APP] [-r TYPE] [-t TAG] [-i ID]',
    says: 'Lists the resources for which all that is given holds, a line each: system, application, type, tag, ID, info, state, reason, initialize, switchback, local priority, separated by byte 1. Ends with 7 when there is none.',
    values: {
      f: ['C', 'Separate the fields by this character instead'],
      R: ['TOP', 'Only TOP and all below it; several tags are joined by byte 1'],
      a: ['APP', 'Only those of this application, such as comm'],
      r: ['TYPE', 'Only those of this type, such as ip'],
      t: ['TAG', 'Only this one'],
      i: ['ID', 'Only those with this ID'],
    },
    examples: [
      ['ins_list -f: -t mail', 'One resource, for people'],
      ['ins_list -fx -t mail >/dev/null && echo there', 'A test for existence'],
      ["ins_list -f'|' | cut -d'|' -f4,7", 'Tags and states'],
    ],
  },
  async (call) => {
    const { R: top, a: app, r: type, t: tag, i: id } = call.values;
    const [status, configuration] = await Promise.all([call.client.status(), call.client.configuration()]);
    if (!status.ok) return report(call, status.trouble);
    if (!configuration.ok) return report(call, configuration.trouble);
    const { node, hierarchies } = status.value;
    const document = configuration.value.document as { resources?: Record<string, DraftResource> } | null;
    const priorities = prioritiesOf(status.value);
    const switchback = new Map(hierarchies.map((one) => [one.id, one.switchback]));
    const choice = { app, type, tag, id, ...(top === undefined ? {} : { tops: roots(top) }) };
    const records = findInstances(status.value, choice).map((resource) => {
      const written = document?.resources?.[resource.tag];
      return {
        system: node,
        ...appAndTypeOf(resource),
        tag: resource.tag,
        id: idOf(resource),
        info: written === undefined ? '' : infoOf(written, node),
        state: resource.state,
        reason: resource.reason,
        initialize: 'AUTORES_ISP',
        switchback: switchback.get(resource.hierarchy) ?? 'INTELLIGENT',
        priority: priorities(resource).local ?? '--',
      };
    });
    return printRecords(call, records, lcdiCodes.missing);
  },
);
