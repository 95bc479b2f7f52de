import { expect, test } from '@jest/globals';
import { readYaml } from '../src/document/readYaml.ts';
import { whoAsks } from '../src/program/whoAsks.ts';
import { fitColumns } from '../src/text/fitColumns.ts';
import { saySpan } from '../src/text/saySpan.ts';
import { shorten } from '../src/text/shorten.ts';
import { wrap } from '../src/text/wrap.ts';

test('a value is shortened in its middle, and never to more than the width', () => {
  expect(shorten('360014057b5a3f1e0c7d4-1', 12)).toBe('36001...d4-1');
  expect(shorten('fits', 4)).toBe('fits');
  for (let width = 0; width < 20; width += 1) expect(shorten('a'.repeat(30), width)).toHaveLength(width);
});

test('the widest column gives way first', () => {
  const column = (natural: number, least = 5) => ({ natural, least });
  expect(fitColumns([column(10), column(40), column(30)], 60)).toEqual([10, 25, 25]);
  expect(fitColumns([column(10), column(20)], 60)).toEqual([10, 20]);
  expect(fitColumns([column(10, 10), column(20, 10)], 5)).toEqual([10, 10]);
});

test('text is broken at blanks, and a word that is too long stays whole', () => {
  expect(wrap('one two three', { first: '  do  ', width: 14 })).toEqual(['  do  one two', '      three']);
  expect(wrap(`see /${'x'.repeat(30)} now`, { first: '', width: 20 })).toEqual([
    'see',
    `/${'x'.repeat(30)}`,
    'now',
  ]);
});

test.each([
  [0, '0 ms'],
  [999.6, '1000 ms'],
  [1_234, '1.2 s'],
  [9_960, '10 s'],
  [61_000, '1 min 1 s'],
  [7_800_000, '2 h 10 min'],
  [97_200_000, '1 d 3 h'],
])('a span of %d ms is %s', (ms, said) => {
  expect(saySpan(ms)).toBe(said);
});

test('the person behind sudo is the one who asks', () => {
  expect(whoAsks({ SUDO_USER: 'eve' }, 'holdfast')).toBe('eve (holdfast)');
  expect(whoAsks({}, 'holdfast')).toMatch(/^\S+ \(holdfast\)$/);
});

const document = `nodes: [alpha]
resources:
  db.main:
    type: ip
    needs: [disk, lock]
  db:
    main:
      type: wrong
hierarchies:
  db.main:
    nodes:
      alpha: 1
      beta: 1
`;

test.each([
  ['nodes.0', 1],
  ['resources.db.main', 3],
  ['resources.db.main.needs.1', 5],
  ['resources.db.main.settings.address', 3],
  ['resources.db.main.main', 3],
  ['hierarchies.db.main.nodes.beta', 13],
  ['resources.gone', 2],
])('%s is found in line %d, also when keys hold dots', (path, line) => {
  const yaml = readYaml(document, 'file.yaml');
  if (!yaml.ok) throw new Error('it is valid');
  expect(yaml.placeOf({ code: 'X', path, what: '', why: '', todo: '' }).place).toBe(`file.yaml:${line}`);
});

test('a place that the file does not have is the file', () => {
  const yaml = readYaml(document, 'file.yaml');
  if (!yaml.ok) throw new Error('it is valid');
  expect(yaml.placeOf({ code: 'X', path: 'policy.every', what: '', why: '', todo: '' }).place).toBe(
    'file.yaml',
  );
});

test('every error of syntax is reported with its line', () => {
  const yaml = readYaml('a: 1\na: 2\nb: [1, 2\nc: "x\n', 'file.yaml');
  if (yaml.ok) throw new Error('it is not valid');
  expect(yaml.problems.length).toBeGreaterThan(1);
  for (const { place } of yaml.problems) expect(place).toMatch(/^file\.yaml:\d+:\d+$/);
  expect(yaml.problems[0]).toMatchObject({ place: 'file.yaml:2:1', why: 'Map keys must be unique' });
});

test('aliases that stand for far too much are refused', () => {
  const rows = Array.from(
    { length: 9 },
    (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`,
  );
  const yaml = readYaml(['l0: &l0 [x]', ...rows].join('\n'), 'bomb.yaml');
  expect(yaml.ok).toBe(false);
});
