import type { ResourceStatus, Status } from '@holdfast/core';
import type { Screen } from '../program/screen.ts';
import { plain } from '../text/plain.ts';
import { saySpan } from '../text/saySpan.ts';
import { shorten } from '../text/shorten.ts';
import { wrap } from '../text/wrap.ts';
import { isAsWanted } from './isAsWanted.ts';
import { type OutlineRow, outline } from './outline.ts';
import { paintState } from './paintState.ts';
import { otherNodes, stateOn } from './stateOn.ts';

type Look = Pick<Screen, 'width' | 'paint'>;

/** Resources as trees: the state of each, and below it why it is not as wanted and what to do. */
export function showTrees(
  resources: readonly ResourceStatus[],
  look: Look,
  now: number,
  status: Pick<Status, 'node' | 'nodes'>,
): string[] {
  const rows = outline(resources);
  const nodes = otherNodes(status);
  const names = rows.map(({ resource, depth }) => `${'  '.repeat(Math.min(depth, 8) + 1)}${resource.tag}`);
  const tagWidth = Math.min(Math.max(...names.map(({ length }) => length), 18), look.width - remarkWidth);
  return [
    ...(nodes.length === 0 ? [] : [headOf([status.node, ...nodes], tagWidth)]),
    ...rows.flatMap((row, index) => {
      const elsewhere = nodes.map((node) => stateOn(row.resource, node, status));
      return showRow({ row, name: names[index]!, elsewhere, tagWidth, look, now });
    }),
  ];
}

/** The state and the longest remark beside it, such as `wanted out of service, since 23 h 59 min`. */
const remarkWidth = 52;

const stateWidth = 8;

/** The nodes above the columns of their states, the one that tells first. */
function headOf(nodes: readonly string[], tagWidth: number): string {
  const names = nodes.map((node) => shorten(node, stateWidth).padEnd(stateWidth));
  return `${' '.repeat(tagWidth)}  ${names.join(' ')}`.trimEnd();
}

function showRow(given: {
  row: OutlineRow;
  name: string;
  elsewhere: readonly string[];
  tagWidth: number;
  look: Look;
  now: number;
}): string[] {
  const { row, name, elsewhere, tagWidth, look, now } = given;
  const { resource } = row;
  const { width } = look;
  const says = remarkOf(resource, now);
  const head = `${shorten(name, tagWidth).padEnd(tagWidth)}  ${[paintState(resource, look.paint, stateWidth), ...elsewhere.map((state) => state.padEnd(stateWidth))].join(' ')}  ${says}`;
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

function remarkOf(resource: ResourceStatus, now: number): string {
  const { want, acting, since } = resource;
  if (acting !== undefined) return `${acting} under way`;
  const span = since === 0 ? '' : `since ${saySpan(Math.max(0, now - since))}`;
  if (isAsWanted(resource)) return span;
  return [`wanted ${want === 'inService' ? 'in service' : 'out of service'}`, span]
    .filter(Boolean)
    .join(', ');
}
