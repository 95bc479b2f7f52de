import { readFile } from 'node:fs/promises';
import { type Lab, type LabNode, openLab, preparePostgres, startAgent } from '@holdfast/lab';
import { expectThat, must, say, typed } from '@holdfast/lab/tell';

/* See README.md: rows that were written before a switch off and on again are there after it. */

const kits = ['@holdfast/kit-ip', '@holdfast/kit-filesystem', '@holdfast/kit-postgresql'];
const address = '10.77.0.50';
const create = 'create table orders as select n as id from generate_series(1, 1000) n';
const count = 'select count(*) from orders';

const lab = await openLab();
try {
  const alpha = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'orders', sizeMb: 192 });
  await preparePostgres(alpha, { device, mountPoint: '/srv/pg', dataDirectory: '/srv/pg/data' });
  const agent = await startAgent(alpha, { config: { kits } });

  say('A database with its address and its disk, described and brought into service:');
  const document = await readFile(new URL('orders.yaml', import.meta.url), 'utf8');
  await alpha.writeFile('/root/orders.yaml', document.replace('DISK', device));
  await typed(alpha, 'holdfast', 'apply', '/root/orders.yaml');
  await typed(alpha, 'perform_action', '-t', 'orders', '-a', 'restore');

  say('A client writes rows through the address:');
  await typed(lab.client, ...psql(create));
  expectThat((await ask(lab, count)) === '1000', 'the client reads its 1000 rows');

  say('All of it is switched off:');
  await typed(alpha, 'perform_action', '-b', '-t', 'orders', '-a', 'remove');
  await expectNothingLeft(alpha);

  say('And on again:');
  await typed(alpha, 'perform_action', '-t', 'orders', '-a', 'restore');
  expectThat((await ask(lab, count)) === '1000', 'the 1000 rows are there again');
  expectThat((await ask(lab, 'insert into orders values (1001) returning id')) === '1001', 'it takes writes');
  say('The client read its 1000 rows again, and wrote one more.');

  await typed(alpha, 'perform_action', '-b', '-t', 'orders', '-a', 'remove');
  await agent.stop();
} finally {
  await lab.close();
}
say('The lab is closed; nothing of it is left.');

function psql(statement: string): [string, ...string[]] {
  return ['psql', '-XAtqw', '-h', address, '-U', 'postgres', '-c', statement];
}

async function ask({ client }: Lab, statement: string): Promise<string> {
  return (await must(client, ...psql(statement))).trim();
}

async function expectNothingLeft(node: LabNode): Promise<void> {
  const mounts = await must(node, 'cat', '/proc/self/mountinfo');
  const addresses = await must(node, 'ip', '-brief', 'address', 'show', 'dev', 'eth0');
  const processes = await must(node, 'ps', '-e', '-o', 'comm=');
  expectThat(!mounts.includes('/srv/pg'), 'the disk is unmounted');
  expectThat(!addresses.includes(address), 'the address is gone');
  expectThat(!/postgres|psql/.test(processes), 'no server runs, and nobody who asks one');
}
