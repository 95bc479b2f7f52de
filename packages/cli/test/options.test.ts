import { expect, test } from '@jest/globals';
import { followPath, setPath } from '../src/document/paths.ts';
import { readAssignments } from '../src/document/readAssignments.ts';
import { CommandParser } from '../src/program/options/commandParser.ts';
import { readWords } from '../src/program/options/readWords.ts';

const command = new CommandParser()
  .usage('Usage: try TAG [MORE...]')
  .command('$0 <tag> [more..]', false)
  .option('all', { type: 'boolean', alias: 'a' })
  .option('none', { type: 'boolean' })
  .conflicts('all', 'none')
  .option('count', { type: 'number' })
  .option('state', { type: 'string', choices: ['up', 'down'] })
  .option('with', { type: 'string', array: true })
  .option('level', { type: 'string', default: 'low' })
  .describe('try');

test.each([
  ['web', { tag: 'web', more: [], level: 'low' }],
  ['web a b -a', { tag: 'web', more: ['a', 'b'], all: true, level: 'low' }],
  ['--with x web --with=y', { tag: 'web', more: [], with: ['x', 'y'], level: 'low' }],
  ['web --count 3 --state=up --level -', { tag: 'web', more: [], count: 3, state: 'up', level: '-' }],
  ['web -- --all -x', { tag: 'web', more: [], level: 'low', '--': ['--all', '-x'] }],
  ['--help', { help: true }],
])('%s is read', (line, values) => {
  expect(readWords(command, line.split(' '))).toEqual({ ok: true, values });
});

test.each([
  ['', 'TAG is missing'],
  ['web --wiht x', 'there is no option --wiht'],
  ['web --all --all', '--all was given more than once'],
  ['web --all=yes', '--all takes no value'],
  ['web --state sideways', '--state is one of up, down, and not sideways'],
  ['web --count some', '--count is a number, and some is none'],
  ['web --level', '--level needs a value'],
  ['web --level --all', '--level needs a value'],
  ['web --all --none', '--all and --none contradict each other'],
])('%s is refused', (line, what) => {
  expect(readWords(command, line.split(' ').filter(Boolean))).toMatchObject({ ok: false, what });
});

test('values are read as a document would have them', () => {
  expect(readAssignments(['port=5432', 'list=[a, b]', 'text="007"', 'empty=', 'is=a=b'])).toEqual({
    ok: true,
    value: [
      { name: 'port', value: 5432 },
      { name: 'list', value: ['a', 'b'] },
      { name: 'text', value: '007' },
      { name: 'empty', value: '' },
      { name: 'is', value: 'a=b' },
    ],
  });
  expect(readAssignments(['port'])).toEqual({ ok: false, what: 'port is not of the form NAME=VALUE' });
  expect(readAssignments(['list=[a']).ok).toBe(false);
});

test('a path leads through keys that hold dots, and makes what is not there', () => {
  const document = { resources: { 'db.main': { needs: ['disk'] }, db: { settings: {} } } };
  expect(followPath(document, 'resources.db.main.needs.0').found).toEqual([
    'resources',
    'db.main',
    'needs',
    '0',
  ]);
  expect(setPath(document, 'resources.db.main.policy.quickCheck.every', '1s')).toBe(true);
  expect(document.resources['db.main']).toMatchObject({ policy: { quickCheck: { every: '1s' } } });
  expect(setPath(document, 'resources.db.main.needs.0.x', 1)).toBe(false);
});
