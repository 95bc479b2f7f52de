import { expect, test } from '@jest/globals';
import { drawDot } from '../src/graph/drawDot.ts';
import { drawSvg } from '../src/graph/drawSvg.ts';
import { drawText } from '../src/graph/drawText.ts';
import { layOut } from '../src/graph/layOut.ts';
import { noPaint } from '../src/program/screen.ts';
import { expectGolden } from './support/golden.ts';
import { statusOf } from './support/statusOf.ts';

const look = { width: 80, paint: noPaint };
const { resources } = statusOf([
  { tag: 'web', needs: ['db', 'web-ip'] },
  { tag: 'report', needs: ['db'], after: ['web'], state: 'OSU', want: 'outOfService' },
  { tag: 'db', needs: ['disk'], state: 'OSF' },
  { tag: 'disk', needsAny: ['path-1', 'path-2'] },
  { tag: 'path-1' },
  { tag: 'path-2', state: 'ISU' },
  { tag: 'web-ip' },
]);
const layout = layOut(resources);

test('a tree in text names what several need again, and draws it once', () => {
  expectGolden('graph', drawText(layout, look));
});

test('text, picture and dot have the same boxes and lines', () => {
  expectGolden('graph-dot', drawDot(layout));
  const svg = drawSvg(layout).join('\n');
  expect(svg.match(/<rect /g)).toHaveLength(layout.boxes.length);
  expect(svg.match(/marker-end=/g)).toHaveLength(layout.edges.length);
});

test('in a picture no two boxes lie on each other, and names are no markup', () => {
  const odd = layOut(statusOf([{ tag: '<a&"b">' }, { tag: 'c' }]).resources);
  const svg = drawSvg(odd).join('\n');
  expect(svg).toContain('&lt;a&amp;&quot;b&quot;&gt;');
  const corners = svg.match(/<rect x="\d+" y="\d+"/g)!;
  expect(new Set(corners).size).toBe(2);
});

test('a chain of 500 with tags of 256 characters keeps to 80 columns, and none is lost', () => {
  const tags = Array.from(
    { length: 500 },
    (_, index) => `${'x'.repeat(253)}${String(index).padStart(3, '0')}`,
  );
  const chain = layOut(
    statusOf(tags.map((tag, index) => ({ tag, needs: tags.slice(index + 1, index + 2) }))).resources,
  );
  const lines = drawText(chain, look);
  expect(lines).toHaveLength(500);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  for (const [index, line] of lines.entries()) expect(line).toContain(String(index).padStart(3, '0'));
});
