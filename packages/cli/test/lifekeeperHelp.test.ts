import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { lifekeeperCommands } from '../src/dialects/lifekeeper/commands.ts';
import { callInside } from './support/callInside.ts';
import { binFolder, call as callLauncher } from './support/commands.ts';

const names = Object.keys(lifekeeperCommands);
const call = (...line: [string, ...string[]]) => callInside(line, '/nowhere');

describe.each(names)('%s', (name) => {
  test('has a help of at most 80 columns with examples and exit codes', async () => {
    const { stdout, stderr, exitCode } = await call(name, '--help');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > 80 && !line.startsWith('  '))).toEqual([]);
    expect(lines[0]).toMatch(new RegExp(`^Usage: ${name}( |$)`));
    expect(stdout).toMatch(new RegExp(`\nExamples:\n  [^\n]*${name}`));
    expect(stdout).toContain('\nExit codes:\n  0  done');
  });

  test('refuses an option that it does not know with 2, in words and a hint', async () => {
    const refused = await call(name, '--fly');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toBe(`${name}: there is no option --fly\nSee ${name} --help\n`);
  });
});

test('each command is a link to the one launcher, and is installed under its name', () => {
  const links = readdirSync(binFolder).filter((name) => lstatSync(join(binFolder, name)).isSymbolicLink());
  expect(links.sort()).toEqual([...names].sort());
  for (const link of links) expect(readlinkSync(join(binFolder, link))).toBe('lifekeeper');
  const { bin } = JSON.parse(readFileSync(join(binFolder, '../package.json'), 'utf8'));
  for (const name of names) expect(bin[name]).toBe('bin/lifekeeper');
});

test('the launcher knows the command by the name of the link', async () => {
  const ended = await callLauncher(['ins_list', '-t', 'mail'], { root: '/nowhere' });
  expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^AGENT_DOWN .*\n {2}why .*\n {2}do {4}start it: /s);
});

test('without an agent each says so, with 1; and in JSON, as a result', async () => {
  const ended = await call('flg_list', '--json');
  expect(ended).toMatchObject({ exitCode: 1, stderr: '' });
  expect(JSON.parse(ended.stdout)).toMatchObject({
    schema: 'holdfast.result/1',
    exitCode: 1,
    result: 'no-answer',
    problems: [{ code: 'AGENT_DOWN' }],
  });
});
