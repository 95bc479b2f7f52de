import { openLab } from '../../src/index.ts';

// Opens a lab with all that can be left behind, says whose it is, and never closes it.
const lab = await openLab({ keep: process.argv[2] === 'keep' });
const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
const { device } = await lab.addDisk({ name: 'data', sizeMb: 16 });
await node.run(['mount', device, '/mnt'], { budgetMs: 5_000 });
await node.run(['sh', '-c', 'setsid --fork sleep infinity >&- 2>&-'], { budgetMs: 5_000 });
process.stdout.write(`${JSON.stringify({ client: lab.client.pid, node: node.pid })}\n`);
if (process.argv[2] !== 'keep') setInterval(() => undefined, 1_000);
