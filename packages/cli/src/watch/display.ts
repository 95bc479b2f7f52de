import type { Screen } from '../program/screen.ts';

export type Frame = (look: Pick<Screen, 'width' | 'paint'>, rows: number) => readonly string[];

/** Where frames are drawn, each over the one before. */
export type Display = Readonly<{ draw: (frame: Frame) => void; close: () => void }>;

/**
 * On a terminal the frames have a screen of their own, and the last one stays when it is closed. Elsewhere each is
 * printed below the one before, if it says anything new but for its ages.
 */
export function openDisplay(screen: Screen): Display {
  return screen.isTerminal ? onTerminal(screen) : belowEachOther(screen);
}

const enter = '\u001b[?1049h\u001b[2J';
const leave = '\u001b[?1049l';
const home = '\u001b[H';
const eraseLine = '\u001b[K';
const eraseBelow = '\u001b[J';

function onTerminal(screen: Screen): Display {
  let last: readonly string[] = [];
  screen.write(enter);
  return {
    draw: (frame) => {
      const { width, rows } = screen.size();
      const all = frame({ width, paint: screen.paint }, rows);
      last = all;
      const lines =
        all.length < rows ? all : [...all.slice(0, rows - 2), `... ${all.length - rows + 2} more lines`];
      // Lines are overwritten and not wiped first, so that nothing flickers.
      screen.write(`${home}${lines.map((line) => `${line}${eraseLine}\n`).join('')}${eraseBelow}`);
    },
    close: () => screen.write(`${leave}${last.map((line) => `${line}\n`).join('')}`),
  };
}

function belowEachOther(screen: Screen): Display {
  let before = '';
  return {
    draw: (frame) => {
      const lines = frame({ width: screen.width, paint: screen.paint }, Number.POSITIVE_INFINITY);
      const text = lines.join('\n');
      if (withoutAges(text) === before) return;
      screen.print(...(before === '' ? [] : ['']), ...lines);
      before = withoutAges(text);
    },
    close: () => undefined,
  };
}

/** Spans of time change all the while and are no news. */
function withoutAges(text: string): string {
  return text.replace(/\d+([.]\d+)? (ms|s|min|h|d)\b/g, '');
}
