/**
 * Text in lines of at most the width, broken at blanks. The first line begins with `first`, the others with `hang`
 * blanks, or as many as `first` is long. A word longer than a line stands alone on one: half a path or tag could not
 * be copied.
 */
export function wrap(text: string, options: { first: string; width: number; hang?: number }): string[] {
  const { first, width, hang = first.length } = options;
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (isEmpty) line += word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = `${' '.repeat(hang)}${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line].map((one) => one.trimEnd());
}
