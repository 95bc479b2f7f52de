import { join } from 'node:path';
import { type RunResult, run } from '@holdfast/kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from './inTree.ts';
import { plantTree } from './plantedTree.ts';

describe('the tree', () => {
  test('passes the linter and the formatter', async () => {
    expect(failureOf(await tool('biome', ['check', '--error-on-warnings', '.']))).toBe('');
  });

  test('keeps to the arrows between packages', async () => {
    expect(failureOf(await cruise(root, ['packages', 'kits', 'test'], 'err-long'))).toBe('');
  });

  test('type-checks', async () => {
    expect(failureOf(await tool('tsc', ['--noEmit']))).toBe('');
  });
});

const core = 'packages/core/src';
const engine = 'packages/engine/src';
const agent = 'packages/agent/src';

/** What may not be imported, each in a file that does nothing else. */
const refusedImports = [
  ['the core starting programs', `${core}/planted1.ts`, 'execa', 'core-uses-only-its-own-libraries'],
  ['the core reading files', `${core}/planted2.ts`, 'node:fs', 'core-is-pure'],
  ['the core knowing a kit', `${core}/planted3.ts`, '@holdfast/kit', 'core-uses-only-what-is-below-it'],
  ['a kit using the core', 'kits/ip/src/planted4.ts', '@holdfast/core', 'kits-know-only-the-contract'],
  [
    'a kit using another kit',
    'kits/ip/src/planted5.ts',
    '@holdfast/kit-filesystem',
    'kits-know-only-the-contract',
  ],
  ['a package importing a kit', `${engine}/planted6.ts`, '@holdfast/kit-ip', 'kits-are-loaded-by-name'],
  [
    'the agent reading files outside its program',
    `${agent}/planted7.ts`,
    'node:fs',
    'the-world-comes-through-ports',
  ],
  [
    'the engine using timers',
    `${engine}/planted8.ts`,
    'node:timers/promises',
    'the-world-comes-through-ports',
  ],
  [
    'the loop knowing the web server',
    `${agent}/planted9.ts`,
    'fastify',
    'only-the-program-is-assembled-from-libraries',
  ],
  [
    'a kit starting programs its own way',
    'kits/ip/src/planted10.ts',
    'node:child_process',
    'processes-start-through-run',
  ],
  [
    'a package reaching past the door of another',
    `${engine}/planted11.ts`,
    '../../core/src/plan/arrange.ts',
    'front-door-only',
  ],
  [
    'the store using the engine',
    'packages/store/src/planted12.ts',
    '@holdfast/engine',
    'store-uses-only-what-is-below-it',
  ],
] as const;

/** What may not be used, though it need not be imported. */
const refusedGlobals = [
  ['the core asking the time', `${core}/global1.ts`, 'export const now = () => Date.now();\n'],
  ['the engine setting a timer', `${engine}/global2.ts`, 'setTimeout(() => undefined, 1);\n'],
  [
    'the agent setting a timer outside its program',
    `${agent}/global3.ts`,
    'setTimeout(() => undefined, 1);\n',
  ],
  [
    'the agent seeing the process outside its program',
    `${agent}/global4.ts`,
    'export const id = process.pid;\n',
  ],
] as const;

/** The same where it belongs: rules that refused everything would prove nothing. */
const allowed = {
  [`${agent}/program/planted.ts`]: "import 'node:fs';\n\nsetTimeout(() => undefined, 1);\n",
  'kits/ip/src/planted.ts': "import '@holdfast/kit';\n",
  [`${engine}/planted.ts`]: "import '@holdfast/core';\nimport '@holdfast/kit';\n",
};

describe('a copy of the tree with a fault planted in it', () => {
  let violations: readonly Violation[] = [];
  let denied = '';
  let tree: ReturnType<typeof plantTree>;

  beforeAll(async () => {
    tree = plantTree({
      ...Object.fromEntries(refusedImports.map(([, path, name]) => [path, `import '${name}';\n`])),
      [typed]: "import type { Stats } from 'node:fs';\n\nexport type Size = Stats['size'];\n",
      ...Object.fromEntries(refusedGlobals.map(([, path, content]) => [path, content])),
      ...allowed,
    });
    const paths = [...refusedImports.map(([, path]) => path), typed, ...Object.keys(allowed)];
    const cruised = await cruise(tree.folder, paths, 'json');
    violations = JSON.parse(cruised.stdout).summary.violations;
    const linted = [...refusedGlobals.map(([, path]) => path), ...Object.keys(allowed)];
    const lint = await tool('biome', ['lint', '--reporter=github', ...linted], tree.folder);
    denied = lint.stdout + lint.stderr;
  });

  afterAll(() => tree.remove());

  const typed = `${core}/planted13.ts`;

  test.each(refusedImports)('refuses %s', (_, path, __, rule) => {
    expect(rulesBrokenBy(path)).toContain(rule);
  });

  test('refuses an import of types alone as well', () => {
    expect(rulesBrokenBy(typed)).toContain('core-is-pure');
  });

  test.each(refusedGlobals)('refuses %s', (_, path, __) => {
    expect(lintOf(path)).toContain('noRestrictedGlobals');
  });

  test.each(Object.keys(allowed))('has nothing against %s', (path) => {
    expect(rulesBrokenBy(path)).toEqual([]);
    expect(lintOf(path)).toBe('');
  });

  function rulesBrokenBy(path: string): string[] {
    return violations.filter(({ from }) => from === path).map(({ rule }) => rule.name);
  }

  function lintOf(path: string): string {
    return denied
      .split('\n')
      .filter((line) => line.includes(`/${path},`))
      .join('\n');
  }
});

type Violation = Readonly<{ from: string; rule: Readonly<{ name: string }> }>;

/** The whole output, of which run() itself keeps only the end. */
async function tool(name: string, args: readonly string[], cwd = root): Promise<RunResult> {
  const program = join(root, 'node_modules', '.bin', name);
  let stdout = '';
  const onOutput = (text: string) => {
    stdout += text;
  };
  const result = await run([process.execPath, program, ...args], { cwd, budgetMs: 60_000, onOutput });
  return { ...result, stdout };
}

function cruise(cwd: string, paths: readonly string[], format: 'err-long' | 'json'): Promise<RunResult> {
  return tool('depcruise', ['--config', '.dependency-cruiser.js', '--output-type', format, ...paths], cwd);
}

function failureOf({ ok, says, stdout, stderr }: RunResult): string {
  return ok ? '' : [says, stdout, stderr].join('\n');
}
