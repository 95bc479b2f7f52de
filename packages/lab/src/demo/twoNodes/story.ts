import type { HoldfastCluster } from '../../cluster/holdfastCluster.ts';
import type { Outside } from '../../cluster/outside.ts';
import { type Name, names, otherOf, type Trio } from '../../cluster/trio.ts';
import type { LabFence } from '../../fence/startFence.ts';
import type { LabAgent } from '../../startAgent.ts';
import { waitUntil } from '../../waitUntil.ts';
import { expectThat } from '../expectThat.ts';
import type { Printer, TimelineLine } from '../printer.ts';
import { timelineOf } from '../timelineOf.ts';
import { address, documentOn, fencedOn } from './document.ts';
import { Witness } from './witness.ts';

/** Where the story plays: a cluster in which nothing is configured yet. */
export type Stage = Readonly<{ trio: Trio; cluster: HoldfastCluster; fence: LabFence; print: Printer }>;
/** From when on a client writes. */
export type Served = Stage & Readonly<{ outside: Outside }>;

const file = '/root/hierarchy.yaml';
const restore = ['perform_action', '-t', 'pg', '-a', 'restore'] as const;

export async function bringIntoService({ trio, print }: Stage): Promise<void> {
  const alpha = trio.node('alpha');
  print.say(`A database needs its disk and its address; alpha comes first, then beta. Each
can switch off the other, by the lab's power switch, which stands outside:`);
  await alpha.writeFile(file, fencedOn(trio.device));
  await print.typed(alpha, ['cat', file]);
  await print.typed(alpha, ['holdfast', 'apply', file]);
  await print.typed(alpha, restore);
}

export async function moveAsPlanned(served: Served): Promise<void> {
  const { trio, print } = served;
  const owner = ownerOf(trio);
  const next = otherOf(owner);
  print.say(`A planned move: the restore is asked for on ${next}. ${owner} takes everything down
and lets it go, then ${next} brings it up. The client goes on writing meanwhile.`);
  await seeWhatItCosts(served, owner, () => print.typed(trio.node(next), restore));
}

export async function cutThePower(served: Served): Promise<Name> {
  const { trio, print } = served;
  const owner = ownerOf(trio);
  const next = otherOf(owner);
  print.say(`Now ${owner}, which has the database, loses its power: its cable is out, its disk
stops with nothing written out, and everything on it is gone, etcd too.`);
  print.say(`A silent node may still run. So when it has given no sign of life for long
enough, ${next} ends its session and fences it: fence_lab, an agent by the
contract of the package fence-agents, switches ${owner} off. What is confirmed to
be down runs nothing, and is taken over at once. Without a fence ${next} would
wait for a person.`);
  await seeWhatItCosts(served, owner, () => trio.powerCut(owner));
  const asked = served.fence.calls.filter(({ action, plug }) => action === 'off' && plug === owner);
  expectThat(asked.length === 1, `${owner} was switched off once`);
  print.counted(`Times that ${owner} was switched off by ${next}`, asked.length);
  await print.typed(trio.node(next), ['holdfast', 'status']);
  return owner;
}

export async function comeBack({ trio, cluster, print, outside }: Served, name: Name): Promise<void> {
  print.say(`${name} is switched on again, as an empty machine. It joins, and takes nothing:
what runs on ${otherOf(name)} stays there until somebody asks.`);
  const before = performance.timeOrigin + performance.now();
  await cluster.rejoin(name);
  await print.typed(trio.node(name), ['lcdstatus', '-q']);
  await outside.answered(performance.timeOrigin + performance.now());
  expectThat(ownerOf(trio) === otherOf(name), `${otherOf(name)} has everything`);
  print.outage(outside.longestGap(before));
}

/** The power switch is this process, which ends. */
export async function takeFencesOut({ trio, print }: Stage): Promise<void> {
  print.say(`The power switch is a part of this program, which ends. In the lab that stays
no node is fenced: when one dies, the database waits for holdfast confirm-down.`);
  const owner = trio.node(ownerOf(trio));
  await owner.writeFile(file, documentOn(trio.device));
  await print.typed(owner, ['holdfast', 'apply', file]);
}

export async function takeOutOfService({ trio, print }: Stage): Promise<void> {
  print.say('Take all of it out of service again. Nothing of it is left on either node.');
  await print.typed(trio.node(ownerOf(trio)), ['perform_action', '-b', '-t', 'pg', '-a', 'remove']);
  for (const name of names) {
    await print.typed(trio.node(name), ['ip', '-brief', '-4', 'address', 'show', 'dev', 'eth0']);
    const servers = await trio.node(name).run(['pgrep', 'postgres'], { budgetMs: 10_000 });
    expectThat(!servers.ok, `no database server runs on ${name}`);
  }
  expectThat(trio.holders(address).length === 0, 'no node has the address or the disk');
}

async function seeWhatItCosts(
  { trio, outside, cluster, print }: Served,
  owner: Name,
  happen: () => Promise<unknown>,
): Promise<void> {
  const agents = new Map(names.map((name) => [name, cluster.agent(name)]));
  const witness = new Witness(trio, outside);
  try {
    const begunAt = Date.now();
    await happen();
    const outageMs = await witness.servedByOtherThan(owner);
    await operationTold(agents.get(otherOf(owner))!, begunAt);
    print.timeline([...agents].flatMap(([name, agent]) => told(name, agent.log(), begunAt)).sort(byTime));
    print.outage(outageMs);
    await witness.count(print);
  } finally {
    witness.end();
  }
}

/** The client may be served before the agent has written the last line of its operation. */
async function operationTold(agent: LabAgent, since: number): Promise<void> {
  const ended = new Set(['operation-ended']);
  const isOver = (): boolean => timelineOf(agent.log(), since, ended).length > 0;
  expectThat(await waitUntil(isOver, 60_000), 'the agent has told how its operation ended');
}

const events = new Set(['session-ended', 'fence-begun', 'fence-ended', 'release', 'claim', 'step-ended']);

function told(name: Name, log: string, since: number): readonly TimelineLine[] {
  return timelineOf(log, since, events).map((line) => ({ ...line, says: `${name}: ${line.says}` }));
}

function byTime(one: TimelineLine, other: TimelineLine): number {
  return one.afterMs - other.afterMs;
}

function ownerOf(trio: Trio): Name {
  const [owner, ...others] = trio.holders(address);
  expectThat(owner !== undefined && others.length === 0, 'one node has the address and the disk');
  return owner!;
}
