import type { ResourceStatus } from '@holdfast/core';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, misuse, refuse, report } from '../lcdi/defineCommand.ts';
import { findInstances } from '../lcdi/findInstances.ts';
import { printRecords } from '../lcdi/printRecords.ts';
import { parentsAbove } from '../parentsAbove.ts';

export const depList = defineCommand(
  {
    name: 'dep_list',
    synopsis: '[-fC] [-c PARENT | -p CHILD | -C PARENT | -P CHILD] [-r TYPE] [-a APP]',
    says: 'Lists dependencies, parent and child on a line. Small letters: the direct children of a parent, the direct parents of a child; capitals: all below, all above. Without any of them, all there are.',
    values: {
      f: ['C', 'Separate the fields by this character instead of byte 1'],
      c: ['PARENT', 'Its direct children'],
      p: ['CHILD', 'Its direct parents'],
      C: ['PARENT', 'With all below it'],
      P: ['CHILD', 'With all above it'],
      r: ['TYPE', 'Only where what is listed is of this type'],
      a: ['APP', 'Only where what is listed is of this application'],
    },
    examples: [
      ['dep_list -f: -c mail', 'What mail needs'],
      ['dep_list -f: -P mail-disk', 'All that rests on mail-disk'],
    ],
  },
  async (call) => {
    const { c, p, C, P, r: type, a: app } = call.values;
    const named = [c, p, C, P].filter((value) => value !== undefined);
    if (named.length > 1) return misuse(call, 'give one of -c, -p, -C and -P');
    const status = await call.client.status();
    if (!status.ok) return report(call, status.trouble);
    const { resources } = status.value;
    if (named[0] !== undefined && !resources.some(({ tag }) => tag === named[0])) {
      return refuse(call, lcdiCodes.missing, {
        code: 'UNKNOWN_RESOURCE',
        what: `There is no resource ${named[0]}`,
        why: 'the configuration describes none with this tag',
        todo: 'list the tags: ins_list -f:',
      });
    }
    const chosen = new Set(findInstances(status.value, { type, app }).map(({ tag }) => tag));
    const below =
      C === undefined ? undefined : new Set(findInstances(status.value, { tops: [C] }).map(({ tag }) => tag));
    const above =
      P === undefined ? undefined : new Set([P, ...parentsAbove(resources, P).map(({ tag }) => tag)]);
    const isAsked = (parent: string, child: string): boolean => {
      if (c !== undefined) return parent === c && chosen.has(child);
      if (p !== undefined) return child === p && chosen.has(parent);
      if (below !== undefined) return below.has(parent) && chosen.has(child);
      if (above !== undefined) return above.has(child) && chosen.has(parent);
      return chosen.has(parent) || chosen.has(child);
    };
    return printRecords(
      call,
      resources.flatMap((parent) =>
        childrenOf(parent)
          .filter((child) => isAsked(parent.tag, child))
          .map((child) => ({ parent: parent.tag, child })),
      ),
    );
  },
);

function childrenOf({ needs, needsAny }: ResourceStatus): string[] {
  return [...needs, ...needsAny];
}
