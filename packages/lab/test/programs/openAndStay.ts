import { openLab } from '../../src/index.ts';

// Opens a lab with all that can be left behind, says whose it is, and never closes it.
const words = process.argv.slice(2);
const lab = await openLab({ keep: words.includes('keep') });
const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2', systemd: words.includes('systemd') });
const { device } = await lab.addDisk({ name: 'data', sizeMb: 16 });
await node.run(['mount', device, '/mnt'], { budgetMs: 5_000 });
await node.run(['sh', '-c', 'setsid --fork sleep infinity >&- 2>&-'], { budgetMs: 5_000 });
process.stdout.write(`${JSON.stringify({ client: lab.client.pid, node: node.pid })}\n`);
if (!words.includes('keep')) setInterval(() => undefined, 1_000);
