export type Column = Readonly<{
  /** As wide as its longest value. */
  natural: number;
  /** Never narrower, also when a line gets too long by it. */
  least: number;
}>;

/** Widths of columns that fit together: whatever is widest gives way first, so that short values stay whole. */
export function fitColumns(columns: readonly Column[], room: number): number[] {
  const widths = columns.map(({ natural, least }) => Math.max(natural, least));
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      if (width > columns[index]!.least && (widest === -1 || width > widths[widest]!)) widest = index;
    }
    if (widest === -1) break;
    widths[widest]! -= 1;
    over -= 1;
  }
  return widths;
}
