import { fileURLToPath } from 'node:url';
import { run } from '@holdfast/kit';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

test('rows that were written before the hierarchy was switched off and on again are there after it', async () => {
  const argv = [process.execPath, '--disable-warning=ExperimentalWarning', main] as const;
  const example = await run(argv, { budgetMs: 80_000 });
  expect({ exitCode: example.exitCode, stderr: example.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(example.stdout).toContain('The client read its 1000 rows again, and wrote one more');
  expect(example.stdout).toContain('nothing of it is left');
}, 90_000);
