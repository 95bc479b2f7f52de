import type { LabNode } from '../../labHost.ts';
import type { Lab } from '../../openLab.ts';
import type { LabAgent } from '../../startAgent.ts';
import { waitUntil } from '../../waitUntil.ts';
import { expectThat } from '../expectThat.ts';
import type { Printer } from '../printer.ts';
import { timelineOf } from '../timelineOf.ts';

/** Where the story plays: a node with its agent, and a prepared database on a disk. */
export type Stage = Readonly<{
  lab: Lab;
  node: LabNode;
  agent: LabAgent;
  device: string;
  /** Where PostgreSQL's own programs are: Debian's psql looks for a cluster first, and takes longer. */
  programs: string;
  print: Printer;
}>;

export type Scene = (stage: Stage) => Promise<void>;

const address = '10.77.0.50';
const dataDirectory = '/srv/pg/data';
const document = '/root/hierarchy.yaml';
const quickMs = 10_000;

const hierarchy = (device: string): string => `nodes: [alpha]
resources:
  pg-ip:   { type: ip, settings: { address: ${address}/24, device: eth0 } }
  pg-disk: { type: filesystem, settings: { device: ${device}, mountPoint: /srv/pg, fsType: ext4 } }
  pg:      { type: postgresql, needs: [pg-disk, pg-ip], settings: { dataDirectory: ${dataDirectory} } }
`;

/** Up to the point where the services run and have proven themselves. */
export const inService: readonly Scene[] = [
  describeTheHierarchy,
  restoreIt,
  writeRows,
  killTheDatabase,
  deleteTheAddress,
];

/** From there to a node on which nothing is left. */
export const outOfService: readonly Scene[] = [removeIt, lookForLeftovers];

async function describeTheHierarchy({ node, device, print }: Stage): Promise<void> {
  print.say('A database needs its disk and its address. This says so, and starts nothing:');
  await node.writeFile(document, hierarchy(device));
  await print.typed(node, ['cat', document]);
  await print.typed(node, ['holdfast', 'apply', document]);
}

async function restoreIt({ node, print }: Stage): Promise<void> {
  print.say('Bring it into service: what it needs first, and what is independent at the same time.');
  await print.typed(node, ['perform_action', '-t', 'pg', '-a', 'restore']);
  await print.typed(node, ['lcdstatus', '-q']);
}

async function writeRows({ lab, print }: Stage): Promise<void> {
  print.say('A client writes rows through the protected address.');
  const sql = 'create table orders as select n as id from generate_series(1, 1000) n';
  await print.typed(lab.client, ['psql', ...asPostgres, sql]);
}

async function killTheDatabase(stage: Stage): Promise<void> {
  const { node, agent, lab, programs, print } = stage;
  print.say('Now the database is killed, without warning.');
  const pid = await node.run(['head', '-n', '1', `${dataDirectory}/postmaster.pid`], { budgetMs: quickMs });
  const killedAt = Date.now();
  const begun = performance.now();
  await print.typed(node, ['kill', '-KILL', pid.stdout.trim()]);
  let rows = '';
  const isBack = await waitUntil(async () => {
    const answer = await lab.client.run([`${programs}/psql`, ...asPostgres, 'select count(*) from orders'], {
      budgetMs: 1_000,
    });
    rows = answer.stdout.trim();
    return answer.ok;
  }, 60_000);
  const tookMs = performance.now() - begun;
  expectThat(
    isBack && rows === '1000',
    `the client reads its 1000 rows again; it read: ${rows || 'nothing'}`,
  );
  await settled(agent, killedAt);
  print.timeline(timelineOf(agent.log(), killedAt));
  print.measured('The client read all 1000 rows again', tookMs);
}

async function deleteTheAddress({ node, agent, lab, print }: Stage): Promise<void> {
  print.say('Somebody deletes the address.');
  const deletedAt = Date.now();
  const begun = performance.now();
  await print.typed(node, ['ip', 'address', 'del', `${address}/24`, 'dev', 'eth0']);
  const isBack = await waitUntil(async () => {
    const shown = await node.run(['ip', '-oneline', 'address', 'show', 'dev', 'eth0'], { budgetMs: quickMs });
    return shown.stdout.includes(` ${address}/`);
  }, 60_000);
  const tookMs = performance.now() - begun;
  expectThat(isBack, `${address} is on eth0 again`);
  await settled(agent, deletedAt);
  print.timeline(timelineOf(agent.log(), deletedAt));
  print.measured('The address was back', tookMs);
  await print.typed(lab.client, ['psql', ...asPostgres, 'select count(*) from orders']);
}

async function removeIt({ node, print }: Stage): Promise<void> {
  print.say('Take all of it out of service again.');
  await print.typed(node, ['perform_action', '-b', '-t', 'pg', '-a', 'remove']);
  await print.typed(node, ['lcdstatus', '-q']);
}

async function lookForLeftovers({ node, print }: Stage): Promise<void> {
  print.say('Nothing of it is left on the node: no server, no mount, no address.');
  const processes = await print.typed(node, ['ps', '-e', '-o', 'pid,comm']);
  const mounts = await node.run(['cat', '/proc/self/mountinfo'], { budgetMs: quickMs });
  const addresses = await print.typed(node, ['ip', '-brief', '-4', 'address', 'show', 'dev', 'eth0']);
  expectThat(!/postgres|postmaster/.test(processes.stdout), 'no database server runs');
  expectThat(!mounts.stdout.includes('/srv/pg'), 'nothing is mounted on /srv/pg');
  expectThat(!addresses.stdout.includes(address), `${address} is gone`);
}

const asPostgres = ['-h', address, '-U', 'postgres', '-XAtc'] as const;

/** The client may be served before the agent has written the last line of its operation. */
async function settled(agent: LabAgent, since: number): Promise<void> {
  const isOver = (): boolean =>
    timelineOf(agent.log(), since).some(({ event }) => event === 'operation-ended');
  expectThat(await waitUntil(isOver, 60_000), 'the agent has told how its repair ended');
}
