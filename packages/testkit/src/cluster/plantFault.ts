import type { AgentPorts, ClusterPorts } from '@holdfast/agent';
import type { WrittenDocument } from '@holdfast/core';
import type { Changes, ClusterStore, Condition, Transaction, Write } from '@holdfast/store';
import type { ClusterNode, OfKeeper } from './clusterNode.ts';
import type { PlantedInCluster } from './planted.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedEtcd } from './simulatedEtcd.ts';
import { WhisperedWatch } from './whisperedWatch.ts';

type Given = Readonly<{ scheduler: Scheduler; etcd: SimulatedEtcd }>;

/** The world as an agent with a planted fault has it. */
export function plantFault(
  planted: PlantedInCluster | undefined,
  ports: AgentPorts,
  node: ClusterNode,
  given: Given,
): AgentPorts {
  const cluster = ports.cluster!;
  const { store } = ports;
  switch (planted) {
    case undefined:
    case 'needs read the wrong way round':
    case 'a right that lasts longer than the peers count':
    case 'a session that begins without a look at the one before':
    case 'a kick without a beat':
    case 'a keeper that lets go of nothing':
      return ports;
    case 'a deadline on the wall clock':
      node.machine.misreads = 'wall';
      return ports;
    case 'a clock that does not count suspend':
      node.machine.misreads = 'monotonic';
      return ports;
    case 'a takeover that does not end the session':
      return { ...ports, store: endOnlyHere(store, node, given) };
    case 'a takeover before the wait is over':
      return withCluster(ports, { times: { ...cluster.times, takeAfter: 0 } });
    case 'a claim taken without a look at it':
      return withStore(ports, (transaction) =>
        writes(transaction, 'claim/')
          ? without(transaction, ({ key }) => key.startsWith('claim/'))
          : transaction,
      );
    case 'an ending without a look at the beat':
      return withStore(ports, (transaction) =>
        endsPeer(transaction, node)
          ? without(transaction, ({ key }) => key.startsWith('beat/'))
          : transaction,
      );
    case 'a claim cleaned on expiry':
      return withStore(ports, (transaction) => {
        const peer = endsPeer(transaction, node);
        return peer === undefined
          ? transaction
          : { ...transaction, write: [...transaction.write, ...cleaned(given.etcd, peer)] };
      });
    case 'a restore before its claim is written':
      return { ...ports, store: answerClaimsAtOnce(store, given) };
    case 'a drop that nobody looks at':
      return withCheck(ports, () => node.agent?.status().agent.phase === 'stopped');
    case 'a remove that is believed':
      return believeRemoves(ports);
    case 'an intent of another node that is not heard':
      return { ...ports, store: deafTo(store, 'intent/') };
    case 'a pause that is not heard':
      return { ...ports, store: deafTo(store, 'pause/') };
  }
}

/** The world as a keeper with a planted fault has it. */
export function plantInKeeper(
  planted: PlantedInCluster | undefined,
  ports: OfKeeper,
  node: ClusterNode,
  given: Given,
): OfKeeper {
  const { store, times, watchdog } = ports;
  switch (planted) {
    case 'a right that lasts longer than the peers count':
      return { ...ports, times: { ...times, right: 2 * times.right } };
    case 'a session that begins without a look at the one before':
      return {
        ...ports,
        store: changed(store, (transaction) =>
          writes(transaction, `session/${node.name}`) ? { ...transaction, when: [] } : transaction,
        ),
      };
    case 'a kick without a beat':
      if (watchdog === undefined) return ports;
      return { ...ports, watchdog: { ...watchdog, kick: () => kickOn(watchdog.kick, node, given) } };
    case 'a keeper that lets go of nothing':
      return { ...ports, runAbort: async () => undefined, takeNodeDown: async () => undefined };
    default:
      return ports;
  }
}

/** The document as the agents are told it. */
export function toldDocument(planted: PlantedInCluster | undefined, document: unknown): unknown {
  if (planted !== 'needs read the wrong way round') return document;
  const written = document as WrittenDocument;
  const resources = Object.entries(written.resources).map(([tag, resource]) => {
    const needs = Object.entries(written.resources).flatMap(([other, { needs }]) =>
      needs.includes(tag) ? [other] : [],
    );
    return [tag, { ...resource, needs, needsAny: [] }];
  });
  return { ...written, resources: Object.fromEntries(resources) };
}

function withCluster(ports: AgentPorts, other: Partial<ClusterPorts>): AgentPorts {
  return { ...ports, cluster: { ...ports.cluster!, ...other } };
}

function withStore(ports: AgentPorts, change: (transaction: Transaction) => Transaction): AgentPorts {
  return { ...ports, store: changed(ports.store, change) };
}

function changed(store: ClusterStore, change: (transaction: Transaction) => Transaction): ClusterStore {
  return { ...store, transact: (transaction) => store.transact(change(transaction)) };
}

function writes({ write }: Transaction, prefix: string): boolean {
  return write.some(({ key }) => key.startsWith(prefix));
}

function without(transaction: Transaction, drop: (condition: Condition) => boolean): Transaction {
  return { ...transaction, when: transaction.when.filter((condition) => !drop(condition)) };
}

/** The peer whose session a transaction ends. */
function endsPeer({ write }: Transaction, node: ClusterNode): string | undefined {
  const [first] = write;
  if (first === undefined || !first.key.startsWith('session/')) return undefined;
  const peer = first.key.slice('session/'.length);
  return peer === node.name ? undefined : peer;
}

function cleaned(etcd: SimulatedEtcd, peer: string): readonly Write[] {
  return etcd.snapshot('claim/').entries.flatMap(({ key, value }) => {
    const claim = value as { node: string };
    return claim.node === peer ? [{ key, value: { ...claim, clean: true } }] : [];
  });
}

/** The node believes that the session is over, and nobody else hears of it. */
function endOnlyHere(store: ClusterStore, node: ClusterNode, { etcd }: Given): ClusterStore {
  const watches = new Set<WhisperedWatch>();
  return {
    ...store,
    transact: async (transaction) => {
      const peer = endsPeer(transaction, node);
      if (peer === undefined) return store.transact(transaction);
      const entry = etcd.entries.get(`session/${peer}`)!;
      const entries = [{ ...entry, value: transaction.write[0]!.value }];
      for (const watch of watches) watch.whisper({ revision: etcd.revision, entries });
      return { ok: true, revision: etcd.revision };
    },
    watch: (prefix, after, signal) => {
      const watch = new WhisperedWatch(store.watch(prefix, after, signal));
      watches.add(watch);
      return watch;
    },
  };
}

function answerClaimsAtOnce(store: ClusterStore, { etcd }: Given): ClusterStore {
  return {
    ...store,
    transact: async (transaction) => {
      if (!writes(transaction, 'claim/') || writes(transaction, 'session/'))
        return store.transact(transaction);
      store.transact(transaction).catch(() => undefined);
      return { ok: true, revision: etcd.revision + 1 };
    },
  };
}

function kickOn(kick: () => void, node: ClusterNode, given: Given): void {
  const { boot } = node.machine;
  if (!node.machine.isUp || node.machine.kickedFromBoot === boot) return;
  node.machine.kickedFromBoot = boot;
  const again = (): void => {
    if (node.machine.boot !== boot || !node.machine.isUp) return;
    kick();
    given.scheduler.after(1_000, again);
  };
  again();
}

function withCheck(ports: AgentPorts, isBlind: () => boolean): AgentPorts {
  const { kits } = ports;
  const check: typeof kits.check = async (request, signal) =>
    isBlind() ? { finding: 'out-of-service', evidence: 'it will be' } : kits.check(request, signal);
  return { ...ports, kits: { ...kits, check } };
}

/** The check after a remove says what the remove said. */
function believeRemoves(ports: AgentPorts): AgentPorts {
  const { kits } = ports;
  const removed = new Set<string>();
  return {
    ...ports,
    kits: {
      ...kits,
      act: async (request, signal) => {
        const outcome = await kits.act(request, signal);
        if (request.action === 'remove' && outcome.result === 'done') removed.add(request.tag);
        return outcome;
      },
      check: async (request, signal) =>
        removed.delete(request.tag)
          ? { finding: 'out-of-service', evidence: 'the kit said so' }
          : kits.check(request, signal),
    },
  };
}

function deafTo(store: ClusterStore, deaf: string): ClusterStore {
  return {
    ...store,
    watch: async function* (prefix, after, signal): AsyncGenerator<Changes> {
      for await (const { revision, entries } of store.watch(prefix, after, signal))
        yield { revision, entries: entries.filter(({ key }) => !key.startsWith(deaf)) };
    },
  };
}
