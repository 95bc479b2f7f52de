import { fileURLToPath } from 'node:url';
import { type Lab, type LabNode, openLab } from '@holdfast/lab';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const runHung = fileURLToPath(new URL('programs/runHung.ts', import.meta.url));
const budget = { budgetMs: 10_000 };

let lab: Lab;
let node: LabNode;
beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'hung-alpha', address: '10.77.0.11' });
});
afterAll(() => lab?.close());

test('a program that hangs on a frozen disk is given up in time, though the kernel does not end it', async () => {
  const { device } = await lab.addDisk({ name: 'frozen', sizeMb: 16 });
  await node.run(['mount', device, '/mnt'], budget);
  await node.run(['fsfreeze', '-f', '/mnt'], budget);
  try {
    const argv = [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      runHung,
      'touch',
      '/mnt/file',
    ] as const;
    const ran = await node.run(argv, budget);
    const result = JSON.parse(ran.stdout);
    expect(result).toMatchObject({ ok: false, ending: 'budget' });
    expect(result.says).toContain('hangs in the kernel');
    expect(result.tookMs).toBeLessThan(2_500);
  } finally {
    await node.run(['fsfreeze', '-u', '/mnt'], budget);
    await node.run(['umount', '/mnt'], budget);
  }
});
