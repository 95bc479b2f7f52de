import { shorten } from '../text/shorten.ts';
import { colourOf } from './colourOf.ts';
import type { Box, Layout } from './layOut.ts';

const box = { width: 190, height: 46, gapX: 26, gapY: 54, margin: 16 } as const;

/** A picture that needs nothing else: no font, no script, no other file. */
export function drawSvg({ boxes, edges }: Layout): string[] {
  const widest = Math.max(0, ...boxes.map(({ place }) => place));
  const deepest = Math.max(0, ...boxes.map(({ layer }) => layer));
  const width = 2 * box.margin + (widest + 1) * (box.width + box.gapX) - box.gapX;
  const height = 2 * box.margin + (deepest + 1) * (box.height + box.gapY) - box.gapY;
  const byTag = new Map(boxes.map((one) => [one.tag, one]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`,
    '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#555"/></marker></defs>',
    ...edges.map(({ from, to, kind }) => {
      const [start, end] = [corner(byTag.get(from)!), corner(byTag.get(to)!)];
      const [x1, y1] = [start.x + box.width / 2, start.y + box.height];
      const [x2, y2] = [end.x + box.width / 2, end.y];
      return `<path d="M${x1} ${y1} C${x1} ${y1 + box.gapY / 2} ${x2} ${y2 - box.gapY / 2} ${x2} ${y2}" fill="none" stroke="#555"${dashes[kind]} marker-end="url(#end)"><title>${escaped(`${from} ${kind} ${to}`)}</title></path>`;
    }),
    ...boxes.flatMap((one) => {
      const { x, y } = corner(one);
      return [
        `<g><title>${escaped(one.tag)}</title><rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6" fill="${colourOf(one.state)}" stroke="#555"/>`,
        `<text x="${x + 10}" y="${y + 19}" font-size="13">${escaped(shorten(one.tag, 26))}</text>`,
        `<text x="${x + 10}" y="${y + 36}" font-size="11" fill="#444">${escaped(shorten(`${one.type}, ${one.state}`, 30))}</text></g>`,
      ];
    }),
    '</svg>',
  ];
}

function corner({ layer, place }: Box): { x: number; y: number } {
  return {
    x: box.margin + place * (box.width + box.gapX),
    y: box.margin + layer * (box.height + box.gapY),
  };
}

const dashes = {
  needs: '',
  needsAny: ' stroke-dasharray="6 4"',
  after: ' stroke-dasharray="2 4"',
} as const;

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
