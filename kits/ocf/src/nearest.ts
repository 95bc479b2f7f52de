/** The name that somebody may have meant: few letters away, or nothing. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, away: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((one, other) => one.away - other.away);
  return best !== undefined && best.away <= Math.max(2, Math.floor(word.length / 3)) ? best.name : undefined;
}

/** So many letters must be put in, taken out or changed. */
function distance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const line = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const change = above[column]! + (letter === other ? 0 : 1);
      line.push(Math.min(change, above[column + 1]! + 1, line[column]! + 1));
    }
    above = line;
  }
  return above.at(-1)!;
}
