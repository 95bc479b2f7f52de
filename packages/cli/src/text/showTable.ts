import { fitColumns } from './fitColumns.ts';
import { plain } from './plain.ts';
import { shorten } from './shorten.ts';

export type TableColumn = Readonly<{
  title: string;
  /** What it keeps when the width is short; its title when left out. */
  least?: number;
}>;

/** Columns under their titles, within the width: whatever is widest gives way first. */
export function showTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const said = rows.map((row) => row.map(plain));
  const widths = fitColumns(
    columns.map(({ title, least = title.length }, index) => ({
      natural: Math.max(title.length, ...said.map((row) => row[index]!.length)),
      least: Math.max(title.length, least),
    })),
    width - 2 * (columns.length - 1),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => shorten(cell, widths[index]!).padEnd(widths[index]!))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...said.map(line)];
}
