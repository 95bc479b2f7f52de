import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, type LabNode, openLab } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/* Follows "Your first kit" of kits/README.md line by line, as somebody who types it would. */

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'kits/README.md'), 'utf8');
const tutorial = /^## Your first kit\n(.*?)^## /ms.exec(page)?.[1] ?? '';
/** A fence with a file's name writes the file, `sh` is typed, and `text` is what was said in between. */
const blocks = [...tutorial.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, kind, file, text]) => ({
  kind: kind!,
  file,
  text: text!,
}));
const at = '/root/first-kit';

let lab: Lab;
let node: LabNode;
beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  await node.run(['mkdir', '-p', at], { budgetMs: 5_000 });
});
afterAll(() => lab?.close());

test('from an empty folder to a Redis in service, as the page says', async () => {
  const begunAt = performance.now();
  let said = '';
  for (const { kind, file, text } of blocks) {
    if (file !== undefined) await write(file, text);
    else if (kind === 'sh') {
      said = '';
      for (const line of text.trim().split('\n')) said += await type(line);
    } else for (const line of text.trim().split('\n')) expect(said).toContain(line);
  }
  const tookMs = Math.round(performance.now() - begunAt);
  process.stdout.write(
    `the first kit: ${blocks.length} steps, ${(tookMs / 1000).toFixed(1)} s without the typing\n`,
  );
  expect(tookMs).toBeLessThan(100_000);
}, 120_000);

test('what the page builds is the example', () => {
  const built = blocks.flatMap(({ file, text }) => (file === undefined ? [] : [[file, text] as const]));
  const files = built.filter(([file]) => !file.startsWith('/'));
  expect(files.map(([file]) => file)).toContain('redis/restore');
  for (const [file, text] of files) {
    const example = join(root, 'examples/kit-redis', file.replace(/^redis\//, ''));
    expect({ file, text: readFileSync(example, 'utf8') }).toEqual({ file, text });
  }
});

/** As an editor does: a file that is there keeps its rights. */
async function write(file: string, text: string): Promise<void> {
  const path = file.startsWith('/') ? file : `${at}/${file}`;
  const written = await node.run(['tee', path], { budgetMs: 5_000, input: text });
  if (!written.ok) throw new Error(written.says);
}

async function type(line: string): Promise<string> {
  const ran = await node.run(['sh', '-c', line], { budgetMs: 90_000, cwd: at });
  if (!ran.ok) throw new Error(`${line}\n${ran.says}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}
