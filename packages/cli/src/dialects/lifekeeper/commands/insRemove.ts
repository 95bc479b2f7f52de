import type { Tag } from '@holdfast/core';
import { changeDocument, type Edit, noSuchTag, refused } from '../edit/changeDocument.ts';
import type { Draft } from '../edit/document.ts';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, misuse } from '../lcdi/defineCommand.ts';
import { findInstances } from '../lcdi/findInstances.ts';
import { roots } from '../roots.ts';

export const insRemove = defineCommand(
  {
    name: 'ins_remove',
    synopsis: '[-R ROOT] [-a APP] [-r TYPE] [-t TAG] [-i ID] [-v] [-G]',
    says: 'Takes resources out of the configuration, and first all that depends on them. With -R also what is below, as far as nothing that stays needs it. What is in service is refused: take it out first. Scripts in pre-delete.d and post-delete.d run around it.',
    values: {
      R: ['ROOT', 'ROOT and what is below it; several tags are joined by byte 1'],
      a: ['APP', 'All of this application'],
      r: ['TYPE', 'All of this type'],
      t: ['TAG', 'This one'],
      i: ['ID', 'Those with this ID'],
    },
    flags: { v: 'Print each removed tag, parents first', G: 'Skip the global scripts' },
    changes: true,
    examples: [
      ['ins_remove -v -t mail-disk', 'mail-disk, and all that needs it'],
      ['ins_remove -R mail --dry-run', 'What would go with mail?'],
    ],
  },
  async (call) => {
    const { R: top, ...narrow } = call.values;
    const { a: app, r: type, t: tag, i: id } = narrow;
    if ([top, app, type, tag, id].every((value) => value === undefined))
      return misuse(call, 'say what to remove: -R, -a, -r, -t or -i');
    return changeDocument(
      call,
      async (draft, status) => {
        const tops = top === undefined ? [] : roots(top);
        const unknown = [...tops, ...(tag === undefined ? [] : [tag])].find(
          (one) => !Object.hasOwn(draft.resources, one),
        );
        if (unknown !== undefined) return noSuchTag(unknown, Object.keys(draft.resources));
        const isChosen = [app, type, tag, id].some((value) => value !== undefined);
        const chosen = isChosen ? findInstances(status, { app, type, tag, id }).map((one) => one.tag) : [];
        return remove(draft, { tops, chosen, isTold: call.flags.has('v') });
      },
      { skipScripts: call.flags.has('G') },
    );
  },
);

async function remove(
  draft: Draft,
  { tops, chosen, isTold }: { tops: readonly string[]; chosen: readonly string[]; isTold: boolean },
): Promise<Edit> {
  if (tops.length + chosen.length === 0) {
    return refused(lcdiCodes.missing, {
      code: 'UNKNOWN_RESOURCE',
      what: 'No resource is what was asked for',
      why: 'nothing in the configuration matches',
      todo: 'list them: ins_list -f:',
    });
  }
  const { graphOf } = await import('../edit/groups.ts');
  const graph = graphOf(draft);
  const named = [...tops, ...chosen] as Tag[];
  const gone = new Set<Tag>([...named, ...graph.above(named)]);
  // Downward, a child goes when nothing that stays needs it; parents are looked at before their children.
  const below = graph.below(tops as Tag[]);
  for (const tag of graph.parentsFirst())
    if (below.has(tag) && graph.parentsOf(tag).every((parent) => gone.has(parent))) gone.add(tag);
  const order = graph.parentsFirst().filter((tag) => gone.has(tag));
  for (const tag of order) delete draft.resources[tag];
  for (const resource of Object.values(draft.resources))
    if (resource.after?.some((tag) => gone.has(tag as Tag)) === true)
      resource.after = resource.after.filter((tag) => !gone.has(tag as Tag));
  return { kind: 'changed', lines: isTold ? order : [] };
}
