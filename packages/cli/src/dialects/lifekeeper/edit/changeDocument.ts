import type { Status } from '@holdfast/core';
import { type LcdiCode, lcdiCodes } from '../lcdi/codes.ts';
import { type Call, refuse, report, succeed } from '../lcdi/defineCommand.ts';
import type { Draft } from './document.ts';

type Saying = Readonly<{ code: string; what: string; why: string; todo: string }>;

/** What a command makes of a document. */
export type Edit =
  | Readonly<{ kind: 'changed'; lines?: readonly string[]; notes?: readonly string[] }>
  | Readonly<{ kind: 'same'; says: string }>
  | Readonly<{ kind: 'refused'; exitCode: LcdiCode; problem: Saying }>;

export type Changing = Pick<Call, 'around' | 'isJson' | 'client' | 'dryRun'>;

/** How often a change is made again because another came between the reading and the writing. */
const triesMax = 5;

/**
 * Reads the document, changes it and gives it back with the generation that was read. The agent refuses when another
 * change came between; then the edit is made again on what is there now, so that of two scripts which run at the
 * same time none undoes the work of the other.
 */
export async function changeDocument(
  call: Changing,
  edit: (draft: Draft, status: Status) => Edit | Promise<Edit>,
  options: { skipScripts?: boolean } = {},
): Promise<LcdiCode> {
  const { around, client, dryRun, isJson } = call;
  for (let tries = 1; ; tries += 1) {
    const [read, status] = await Promise.all([client.configuration(), client.status()]);
    if (!read.ok) return report(call, read.trouble);
    if (!status.ok) return report(call, status.trouble);
    const { draftOf } = await import('./document.ts');
    const draft = draftOf(read.value.document, status.value.node);
    const edited = await edit(draft, status.value);
    if (edited.kind === 'refused') return refuse(call, edited.exitCode, edited.problem);
    if (edited.kind === 'same')
      return succeed(call, { result: 'nothing-to-do', lines: [`nothing to do: ${edited.says}`] });

    const { carryEntries } = await import('./groups.ts');
    if (read.value.document !== null) carryEntries(withEntriesOf(draft, read.value.document as Draft), draft);
    const answer = await client.apply({
      document: draft,
      dryRun,
      by: around.by,
      basedOn: read.value.generation,
      ...(options.skipScripts === true ? { skipScripts: true } : {}),
    });
    if (!answer.ok) {
      const isStale =
        answer.trouble.kind === 'Refused' &&
        answer.trouble.problems.some(({ code }) => code === 'STALE_GENERATION');
      if (isStale && tries < triesMax) continue;
      return report(call, answer.trouble);
    }
    if (!isJson) around.err.print(...(edited.notes ?? []));
    const { generation, changes } = answer.value;
    if (!dryRun) return succeed(call, { lines: edited.lines ?? [], more: { generation, changes } });
    const { showChanges } = await import('../../../document/showChanges.ts');
    return succeed(call, {
      result: 'planned',
      lines: [...showChanges(changes, around.out.paint), 'nothing was changed'],
      more: { generation, changes },
    });
  }
}

/**
 * The resources of before with the entries of now: an edit may have said something of a hierarchy, and that is what
 * is carried over to how the resources hang together afterwards.
 */
function withEntriesOf(draft: Draft, before: Draft): Draft {
  const resources = { ...before.resources };
  for (const tag of Object.keys(draft.resources)) resources[tag] ??= draft.resources[tag]!;
  return {
    nodes: before.nodes,
    resources,
    ...(draft.hierarchies === undefined ? {} : { hierarchies: draft.hierarchies }),
  };
}

export function refused(exitCode: LcdiCode, problem: Saying): Edit {
  return { kind: 'refused', exitCode, problem };
}

export async function noSuchTag(tag: string, known: readonly string[]): Promise<Edit> {
  const { nearest } = await import('@holdfast/core');
  const guess = nearest(tag, known);
  return refused(lcdiCodes.missing, {
    code: 'UNKNOWN_RESOURCE',
    what: `There is no resource ${tag}`,
    why: 'the configuration describes none with this tag',
    todo: guess === undefined ? 'list the tags: ins_list -f:' : `did you mean ${guess}?`,
  });
}
