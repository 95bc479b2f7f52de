import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@holdfast/kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { completionScript, type Shell } from '../src/completion/completionScript.ts';
import { allCommands } from './support/allCommands.ts';
import { binFolder } from './support/commands.ts';
import { type FakeAgent, fakeAgent } from './support/fakeAgent.ts';
import { troubled } from './support/statusOf.ts';

let folder: string;
let agent: FakeAgent;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-completion-'));
  // Nobody listens: names come from what the agent wrote last.
  agent = await fakeAgent(undefined, troubled);
  const commands = await allCommands();
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    await writeFile(join(folder, shell), `${completionScript(shell, commands)}\n`);
});

afterAll(async () => {
  await agent.close();
  await rm(folder, { recursive: true });
});

async function shell(argv: readonly [string, ...string[]]): Promise<string[]> {
  const env = { HOLDFAST_ROOT: agent.root, PATH: `${binFolder}:/usr/bin:/bin`, HOME: folder };
  const ended = await run(argv, { budgetMs: 20_000, env, cwd: folder });
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  return ended.stdout.split('\n').filter(Boolean).sort();
}

const inBash = `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`;
const complete: Readonly<Record<Shell, (words: readonly string[]) => Promise<string[]>>> = {
  bash: (words) => shell(['bash', '-c', inBash, join(folder, 'bash'), ...words]),
  // What zsh would offer is handed to compadd; here it is printed instead.
  zsh: (words) =>
    shell([
      'zsh',
      '-f',
      '-c',
      `compdef() { : }; _files() { : }; compadd() { local w; for w in \${(P)2}; do [[ $w == \${words[CURRENT]}* ]] && print -r -- $w; done; return 0 }
       source "$0"; words=("$@"); CURRENT=$#; _holdfast`,
      join(folder, 'zsh'),
      ...words,
    ]),
  fish: async (words) => {
    const said = await shell([
      'fish',
      '--no-config',
      '-c',
      'source $argv[1]; complete -C $argv[2]',
      join(folder, 'fish'),
      words.join(' '),
    ]);
    return said.map((line) => line.split('\t')[0]!);
  },
};

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (name) => {
  test.each([
    ['commands', ['holdfast', 'reso'], ['resource']],
    ['commands below commands', ['holdfast', 'resource', 's'], ['set', 'show']],
    ['options', ['holdfast', 'restore', 'pg', '--dry'], ['--dry-run']],
    ['tags', ['holdfast', 'restore', ''], ['pg', 'pg-disk', 'pg-ip']],
    ['tags of options', ['perform_action', '-t', 'pg-'], ['pg-disk', 'pg-ip']],
    ['types', ['holdfast', 'resource', 'list', '--type', 'post'], ['postgresql']],
    ['nodes behind tags', ['holdfast', 'move', 'pg', ''], ['alpha']],
    ['words that a place allows', ['holdfast', 'completion', 'f'], ['fish']],
    ['commands of LifeKeeper', ['ins_list', '-t', 'pg-d'], ['pg-disk']],
  ])('completes %s', async (_, words, offered) => {
    expect(await complete[name](words)).toEqual(offered);
  });
});
