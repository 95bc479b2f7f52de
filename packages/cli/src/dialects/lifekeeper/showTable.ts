import type { Status } from '@holdfast/core';
import { type OutlineRow, outline } from '../../status/outline.ts';
import { otherNodes, stateOn } from '../../status/stateOn.ts';
import { fitColumns } from '../../text/fitColumns.ts';
import { shorten } from '../../text/shorten.ts';
import { idOf } from './names.ts';
import { pathsOf } from './pathsOf.ts';
import { prioritiesOf } from './priorities.ts';

/** `least` is what a column keeps when the width is short; `usual` what it has when it is not. */
type Column = Readonly<{ title: string; usual: number; least: number; isNumber?: boolean }>;

const states: readonly Column[] = [
  { title: 'LOCAL', usual: 6, least: 6 },
  { title: 'TAG', usual: 18, least: 12 },
  { title: 'ID', usual: 20, least: 12 },
  { title: 'STATE', usual: 8, least: 8 },
  { title: 'PRIO', usual: 4, least: 4, isNumber: true },
  { title: 'PRIMARY', usual: 7, least: 7 },
];

const paths: readonly Column[] = [
  { title: 'MACHINE', usual: 7, least: 7 },
  { title: 'NETWORK', usual: 7, least: 7 },
  { title: 'ADDRESSES/DEVICE', usual: 25, least: 16 },
  { title: 'STATE', usual: 8, least: 8 },
  { title: 'PRIO', usual: 4, least: 4, isNumber: true },
];

export type TableOptions = Readonly<{
  /** First column: this node, or who would be next after it. */
  first: 'LOCAL' | 'BACKUP';
  top?: string;
  width: number;
}>;

/** LifeKeeper's short display: the states, then the paths to other machines. Scripts read it by its columns. */
export function showTable(status: Status, { first, top, width }: TableOptions): string[] {
  const priorities = prioritiesOf(status);
  const rows = outline(status.resources, top).map((row) => {
    const { local, primary, backup } = priorities(row.resource);
    return [
      first === 'LOCAL' ? status.node : (backup ?? '------'),
      row,
      idOf(row.resource),
      row.resource.state,
      local === undefined ? '--' : String(local),
      primary ?? '------',
    ] as const;
  });
  const [, ...others] = states;
  const machines = status.nodes
    .filter(({ name }) => name !== status.node)
    .map(({ name, state }) => [name, '--', '--', state, '--'] as const);
  const addresses = pathsOf(status).map(
    ({ machine, network, addresses, state, priority }) =>
      [machine, network, addresses, state, String(priority)] as const,
  );
  return [
    ...table([{ ...states[0]!, title: first }, ...others], rows, width),
    '',
    ...table(paths, [...machines, ...addresses], width),
    ...statesElsewhere(status, top, width),
  ];
}

/** Of all nodes side by side, where there are others: LifeKeeper has that in its graphical display alone. */
function statesElsewhere(status: Status, top: string | undefined, width: number): string[] {
  const others = otherNodes(status);
  if (others.length === 0) return [];
  const nodes = [status.node, ...others];
  const columns = [
    { title: 'TAG', usual: 18, least: 12 },
    ...nodes.map((title) => ({ title, usual: 8, least: 8 })),
  ];
  const rows = outline(status.resources, top).map(
    (row) => [row, ...nodes.map((node) => stateOn(row.resource, node, status))] as const,
  );
  return ['', ...table(columns, rows, width)];
}

type Cell = string | OutlineRow;

function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): string[] {
  const gaps = (columns.length - 1) * gap.length;
  const widths = fitColumns(
    columns.map(({ usual, least, title }, index) => ({
      natural: Math.max(usual, title.length, ...rows.map((row) => widthOf(row[index]!))),
      least,
    })),
    width - gaps,
  );
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, index) => fill(cell, widths[index]!, columns[index]!.isNumber === true))
      .join(gap)
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

const gap = '  ';

function widthOf(cell: Cell): number {
  return typeof cell === 'string' ? cell.length : cell.depth + cell.resource.tag.length;
}

function fill(cell: Cell, width: number, isNumber: boolean): string {
  if (typeof cell === 'string') return isNumber ? cell.padStart(width) : shorten(cell, width).padEnd(width);
  // A deep tree must not push its tags out of the column: from half of it on, levels stand below each other.
  const indent = ' '.repeat(Math.min(cell.depth, Math.floor(width / 2)));
  return `${indent}${shorten(cell.resource.tag, width - indent.length)}`.padEnd(width);
}
