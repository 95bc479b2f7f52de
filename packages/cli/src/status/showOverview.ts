import type { ResourceStatus, Status } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { count } from '../text/count.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { shorten } from '../text/shorten.ts';
import { wrap } from '../text/wrap.ts';
import type { FoundStatus } from './findStatus.ts';
import { isAsWanted } from './isAsWanted.ts';
import { type OutlineRow, outline } from './outline.ts';
import { sayKits } from './sayKits.ts';

type Look = Pick<Screen, 'width' | 'paint'>;

/** The node for people: what runs, what is not as wanted, why, and what to do about it. */
export function showOverview(found: FoundStatus, look: Look, now: number): string[] {
  const { status } = found;
  return [
    ...wrap(sayNode(found), { first: `${status.node}  `, width: look.width }),
    ...sayNodes(status),
    ...sayKits(status, look),
    ...status.hierarchies.flatMap((hierarchy) => [
      '',
      ...wrap(sayHierarchy(hierarchy), { first: '', width: look.width, hang: 2 }),
      ...showTrees(
        status.resources.filter((resource) => resource.hierarchy === hierarchy.id),
        look,
        now,
      ),
    ]),
    ...sayOperations(status, look, now),
    '',
    sayTotals(status),
  ];
}

function sayNode({ status, agent, ageMs }: FoundStatus): string {
  const { version, pid, phase } = status.agent;
  const says = agent === 'running' ? phase : agent;
  return `agent ${says} (${version}, pid ${pid}), generation ${status.generation}, last change ${saySpan(ageMs)} ago`;
}

function sayNodes({ nodes }: Status): string[] {
  const isPlain = nodes.every(({ state, mode }) => state === 'ALIVE' && mode === 'active');
  if (nodes.length <= 1 && isPlain) return [];
  return nodes.map(({ name, state, mode }) => `  node ${name}: ${state}, ${mode}`);
}

function sayHierarchy({ id, owner, epoch }: Status['hierarchies'][number]): string {
  return owner === null ? `hierarchy ${id}, on no node` : `hierarchy ${id}, on ${owner} (epoch ${epoch})`;
}

function showTrees(resources: readonly ResourceStatus[], look: Look, now: number): string[] {
  const rows = outline(resources);
  const names = rows.map(({ resource, depth }) => `${'  '.repeat(Math.min(depth, 8) + 1)}${resource.tag}`);
  const tagWidth = Math.min(Math.max(...names.map(({ length }) => length), 18), look.width - remarkWidth);
  return rows.flatMap((row, index) => showRow({ row, name: names[index]!, tagWidth, look, now }));
}

/** The state and the longest remark beside it, such as `wanted out of service, since 23 h 59 min`. */
const remarkWidth = 52;

function showRow(given: {
  row: OutlineRow;
  name: string;
  tagWidth: number;
  look: Look;
  now: number;
}): string[] {
  const { row, name, tagWidth, look, now } = given;
  const { resource } = row;
  const { width } = look;
  const says = remarkOf(resource, now);
  const head = `${shorten(name, tagWidth).padEnd(tagWidth)}  ${paintState(resource, look)}  ${says}`;
  const details = [
    ...(isAsWanted(resource) && resource.state !== 'ISU'
      ? []
      : detail('why', resource.blocked ?? resource.reason)),
    ...detail('do', resource.todo),
    ...resource.conditions.flatMap(({ code, says }) => detail('note', `${code}: ${says}`)),
  ];
  return [head.trimEnd(), ...details];

  function detail(label: string, text: string | undefined): string[] {
    if (text === undefined || text === '') return [];
    return wrap(plain(text), { first: `        ${label.padEnd(6)}`, width });
  }
}

function remarkOf({ want, state, acting, since }: ResourceStatus, now: number): string {
  if (acting !== undefined) return `${acting} under way`;
  const span = since === 0 ? '' : `since ${saySpan(Math.max(0, now - since))}`;
  if (isAsWanted({ want, state })) return span;
  return [`wanted ${want === 'inService' ? 'in service' : 'out of service'}`, span]
    .filter(Boolean)
    .join(', ');
}

function paintState({ state, want }: ResourceStatus, { paint }: Look): string {
  const text = state.padEnd(8);
  if (state === 'OSF') return paint.bad(text);
  if (!isAsWanted({ state, want }) || state === 'ISU' || state === 'ILLSTATE') return paint.warning(text);
  return state === 'ISP' ? paint.good(text) : text;
}

function sayOperations({ operations }: Status, { width }: Look, now: number): string[] {
  if (operations.length === 0) return [];
  return [
    '',
    ...operations.flatMap(({ id, cause, begunAt }) =>
      wrap(`operation ${id}, for ${saySpan(now - begunAt)}: ${plain(cause)}`, { first: '', width, hang: 2 }),
    ),
  ];
}

function sayTotals({ resources }: Status): string {
  if (resources.length === 0) return 'no resources; describe some in a file, and holdfast apply FILE';
  const states = ['ISP', 'ISU', 'OSU', 'OSF', 'ILLSTATE'] as const;
  const counts = states
    .map((state) => ({ state, n: resources.filter((resource) => resource.state === state).length }))
    .filter(({ n }) => n > 0)
    .map(({ state, n }) => `${n} ${state}`);
  const unmet = resources.filter((resource) => !isAsWanted(resource)).length;
  return `${count(resources.length, 'resource')}: ${counts.join(', ')}; ${unmet === 0 ? 'all as wanted' : `${unmet} not as wanted`}`;
}
