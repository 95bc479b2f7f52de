import { fileURLToPath } from 'node:url';
import { type Lab, type LabNode, openLab, preparePostgres } from '@holdfast/lab';
import { endRestore } from '@holdfast/testkit/kits';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const command = fileURLToPath(new URL('../../../packages/cli/bin/holdfast', import.meta.url));
const dataDirectory = '/srv/pg/data';
const instantsMs = Array.from({ length: 20 }, (_, index) => index * 8);

let lab: Lab;
let node: LabNode;
beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'half-alpha', address: '10.77.0.11' });
  const { device } = await lab.addDisk({ name: 'pg', sizeMb: 160 });
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory });
  await node.run(['mount', device, '/srv/pg'], { budgetMs: 5_000 });
}, 60_000);
afterAll(() => lab?.close());

test.each([
  ['is told to stop', 'SIGTERM'],
  ['is killed', 'SIGKILL'],
] as const)(
  'when restore %s at any instant, remove leaves nothing',
  async (_, signal) => {
    for (const instantMs of instantsMs) {
      await endRestore(node, { kit: 'postgresql', settings: { dataDirectory }, signal, afterMs: instantMs });
      const removed = await kit('remove');
      expect(removed).toMatchObject({ result: 'done' });
      const left = await node.run(['pgrep', '-a', '-u', 'postgres'], { budgetMs: 5_000 });
      expect({ instantMs, left: left.stdout }).toEqual({ instantMs, left: '' });
    }
  },
  180_000,
);

async function kit(action: string): Promise<{ result?: string }> {
  const ran = await node.run([command, 'kit', 'run', 'postgresql', action, '--settings', '-', '--json'], {
    budgetMs: 60_000,
    input: JSON.stringify({ dataDirectory }),
  });
  if (ran.stdout === '') throw new Error(`${ran.says}\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}
