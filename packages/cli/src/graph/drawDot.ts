import { colourOf } from './colourOf.ts';
import type { Layout } from './layOut.ts';

/** For Graphviz, which finds places of its own; the layers are kept by ranks. */
export function drawDot({ boxes, edges }: Layout): string[] {
  const layers = [...new Set(boxes.map(({ layer }) => layer))].sort((a, b) => a - b);
  return [
    'digraph holdfast {',
    '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
    ...boxes.map(
      ({ tag, type, state }) =>
        `  ${quoted(tag)} [label=${quoted(`${tag}\n${type}, ${state}`)}, fillcolor="${colourOf(state)}"];`,
    ),
    ...layers.map(
      (layer) =>
        `  { rank=same; ${boxes
          .filter((box) => box.layer === layer)
          .sort((a, b) => a.place - b.place)
          .map(({ tag }) => `${quoted(tag)};`)
          .join(' ')} }`,
    ),
    ...edges.map(({ from, to, kind }) => `  ${quoted(from)} -> ${quoted(to)}${styles[kind]};`),
    '}',
  ];
}

const styles = {
  needs: '',
  needsAny: ' [style=dashed, label="any of"]',
  after: ' [style=dotted, label="after", constraint=false]',
} as const;

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
