import type { Screen } from '../program/screen.ts';
import { paintState } from '../status/paintState.ts';
import { shorten } from '../text/shorten.ts';
import type { Box, Edge, Layout } from './layOut.ts';

/**
 * A tree in text. A resource that several need is drawn whole under the first of them, and only named under the others:
 *
 *     mail  ISP
 *     |-- mail-disk  ISP
 *     |   `-- lun-7  ISP
 *     `-- mail-ip  ISP
 */
export function drawText(
  { boxes, edges }: Layout,
  { width, paint }: Pick<Screen, 'width' | 'paint'>,
): string[] {
  const byTag = new Map(boxes.map((box) => [box.tag, box]));
  const children = new Map<string, Edge[]>();
  for (const edge of edges) children.set(edge.from, [...(children.get(edge.from) ?? []), edge]);
  const drawn = new Set<string>();
  const lines: string[] = [];
  // A list and not a recursion: a chain may be as deep as there are resources.
  type Waiting = { box: Box; edge: Edge | undefined; bars: string; isLast: boolean };
  const waiting: Waiting[] = [...boxes]
    .filter(({ layer }) => layer === 0)
    .sort((a, b) => a.place - b.place)
    .map((box) => ({ box, edge: undefined, bars: '', isLast: true }))
    .reverse();
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { box, edge, bars, isLast } = one;
    const isAgain = drawn.has(box.tag) || edge?.kind === 'after';
    lines.push(lineOf(one, isAgain));
    if (isAgain) continue;
    drawn.add(box.tag);
    const below = (children.get(box.tag) ?? []).map((next) => ({ next, to: byTag.get(next.to)! }));
    const inner = edge === undefined ? '' : `${bars}${isLast ? '    ' : '|   '}`;
    for (const [index, { next, to }] of [...below.entries()].reverse())
      waiting.push({ box: to, edge: next, bars: inner, isLast: index === below.length - 1 });
  }
  return lines;

  function lineOf({ box, edge, bars, isLast }: Waiting, isAgain: boolean): string {
    const remark =
      edge === undefined ? '' : { needs: '', needsAny: ' (any of)', after: ' (after)' }[edge.kind];
    const again =
      isAgain && edge?.kind !== 'after' && (children.get(box.tag)?.length ?? 0) > 0 ? ' (see above)' : '';
    const branch = edge === undefined ? '' : `${shortBars(bars)}${isLast ? '`-- ' : '|-- '}`;
    const room = width - branch.length - box.state.length - 2 - remark.length - again.length;
    return `${paint.faint(branch)}${shorten(box.tag, Math.max(12, room))}  ${paintState(box, paint)}${paint.faint(remark + again)}`;
  }

  /** A deep chain must not push its tags out of the line: its depth is said by a number then. */
  function shortBars(bars: string): string {
    const levelsMax = Math.floor(width / 2 / 4);
    if (bars.length <= levelsMax * 4) return bars;
    const hidden = `${bars.length / 4 - levelsMax + 2} more`.padEnd(8).slice(0, 8);
    return `${hidden}${bars.slice(bars.length - (levelsMax - 2) * 4)}`;
  }
}
