/** One place to print to, with what is known of it. */
export type Screen = Readonly<{
  /** Prints the lines, each with its end. */
  print: (...lines: readonly string[]) => void;
  /** As it is, for control of a terminal. */
  write: (text: string) => void;
  /** How large it is now: a window may have been made larger meanwhile. */
  size: () => Readonly<{ width: number; rows: number }>;
  /** 80 when nobody looks: piped output is the same everywhere. */
  width: number;
  isTerminal: boolean;
  paint: Paint;
}>;

/** Colours by what they mean. Without colours each answers the text as it is. */
export type Paint = Readonly<Record<Meaning, (text: string) => string>>;
export type Meaning = 'good' | 'bad' | 'warning' | 'strong' | 'faint';

export const noPaint: Paint = {
  good: (text) => text,
  bad: (text) => text,
  warning: (text) => text,
  strong: (text) => text,
  faint: (text) => text,
};

export const ansiPaint: Paint = {
  good: (text) => `\u001b[32m${text}\u001b[0m`,
  bad: (text) => `\u001b[31m${text}\u001b[0m`,
  warning: (text) => `\u001b[33m${text}\u001b[0m`,
  strong: (text) => `\u001b[1m${text}\u001b[0m`,
  faint: (text) => `\u001b[2m${text}\u001b[0m`,
};

/** Colour only on a terminal, and not when NO_COLOR is set to anything (https://no-color.org). */
export function screenOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const isTerminal = stream.isTTY === true;
  const hasColour = isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const width = (): number => (isTerminal ? Math.max(40, stream.columns || 80) : 80);
  return {
    write: (text) => {
      stream.write(text);
    },
    size: () => ({ width: width(), rows: Math.max(8, stream.rows || 24) }),
    print: (...lines) => {
      if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
    },
    width: width(),
    isTerminal,
    paint: hasColour ? ansiPaint : noPaint,
  };
}
