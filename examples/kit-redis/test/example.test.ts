import { fileURLToPath } from 'node:url';
import { run } from '@holdfast/kit';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

test('the Redis kit keeps every rule on a real server, and a killed server comes back with what it had', async () => {
  const argv = [process.execPath, '--disable-warning=ExperimentalWarning', main] as const;
  const example = await run(argv, { budgetMs: 110_000 });
  expect({ exitCode: example.exitCode, stderr: example.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(example.stdout).toContain('All rules that were tried are kept: 17');
  expect(example.stdout).toMatch(/It served again after \d+ ms/);
  expect(example.stdout).toContain('nothing of it is left');
}, 120_000);
