/** Text over several lines, written at the depth of the code around it: the common indent and the outer blank lines go. */
export function text(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  return linesOf(strings, ...values).join('\n');
}

/** The same, line by line. */
export function linesOf(strings: TemplateStringsArray, ...values: readonly unknown[]): readonly string[] {
  const lines = String.raw({ raw: strings }, ...values).split('\n');
  while (lines.length > 0 && lines[0]!.trim() === '') lines.shift();
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop();
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length);
  const common = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(common).trimEnd());
}
