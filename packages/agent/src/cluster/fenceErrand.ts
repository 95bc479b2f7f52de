import type { FenceNowAnswer, NewEvent, NodeFencing, NodeName } from '@holdfast/core';
import type { Committed, Entry, Transaction } from '@holdfast/store';
import { beatKeys, type Standing } from '../keeper/beatRecords.ts';
import { type FenceRecord, fenceKeys, fenceRecord } from '../keeper/fenceRecord.ts';
import { endFence, leaveFence } from '../keeper/fenceRules.ts';
import type { AgentPorts, ClusterPorts } from '../ports.ts';
import { todoFor } from './fenceProblems.ts';
import type { Membership } from './membership.ts';
import { tryLevels } from './tryLevels.ts';

type Given = Readonly<{
  ports: AgentPorts;
  cluster: ClusterPorts;
  membership: Membership;
  emit: (event: NewEvent) => void;
  waysFor: (node: NodeName) => NodeFencing | undefined;
  /** Aborted when the right to do it is lost, or this agent ends. */
  signal: AbortSignal;
}>;

export type FenceEnd = Pick<FenceNowAnswer, 'says'> & Readonly<{ result: 'confirmed' | 'failed' | 'void' }>;

/** How often an ending is sent again when its outcome is not known. */
const endingTries = 20;
const endAgainAfterMs = 200;

/** Asks for the fence of one node at a time, runs its devices, and writes what became of it. */
export class FenceErrand {
  readonly #given: Given;
  #node: NodeName | undefined;

  constructor(given: Given) {
    this.#given = given;
  }

  /** Which node is being fenced from here. */
  get node(): NodeName | undefined {
    return this.#node;
  }

  /**
   * Sends a request, the first thing of which is its record, and carries it out if it was taken. Undefined when it was
   * refused, and null when nobody knows.
   */
  async run(
    node: NodeName,
    request: Transaction,
    sessionRevision: number,
  ): Promise<FenceEnd | undefined | null> {
    this.#node = node;
    try {
      const asked = await this.transact(request);
      if (asked?.ok !== true) return asked === undefined ? null : undefined;
      const isEnded = request.write.some(({ key }) => key === beatKeys.session(node));
      const record = request.write[0]!.value as FenceRecord;
      const { revision } = asked;
      return await this.#carryOut(node, { record, revision }, isEnded ? revision : sessionRevision);
    } finally {
      this.#node = undefined;
    }
  }

  async #carryOut(node: NodeName, asked: Standing<FenceRecord>, sessionRevision: number): Promise<FenceEnd> {
    const { ports, cluster, emit, waysFor, signal } = this.#given;
    const { log, clock } = ports;
    const { record } = asked;
    const fencing = waysFor(node);
    if (fencing === undefined) return { result: 'void', says: 'no device is configured for it any more' };
    log.warn(
      { event: 'fence-begun', node, boot: record.boot, tries: record.tries },
      `fencing ${node}: ${record.why}`,
    );
    emit({ kind: 'fence-begun', node, why: record.why, tries: record.tries });
    const begunAt = clock.now();
    const { done, says } = await tryLevels({
      node,
      fencing,
      fencer: cluster.fencer,
      signal,
      mayGoOn: () => !signal.aborted && this.#stillStands(node, asked),
      onTry: ({ ok, ...tried }) =>
        log[ok ? 'info' : 'error'](
          { event: 'fence-tried', node, ok, ...tried },
          `${tried.device}: ${tried.says}`,
        ),
    });
    const ending = { state: done ? ('confirmed' as const) : ('failed' as const), says, at: clock.wall() };
    const isWritten = await this.#end(node, asked, sessionRevision, ending);
    const tookMs = clock.now() - begunAt;
    const result = !isWritten ? 'void' : ending.state;
    log[result === 'confirmed' ? 'warn' : 'error'](
      { event: 'fence-ended', node, result, says, tookMs },
      `fence of ${node}: ${result}: ${says}`,
    );
    emit({ kind: 'fence-ended', node, result, says, todo: result === 'failed' ? todoFor(node) : '', tookMs });
    return { result, says };
  }

  /** We may act, and nobody has settled it meanwhile, such as a person who confirmed it. */
  #stillStands(node: NodeName, { record, revision }: Standing<FenceRecord>): boolean {
    const { membership } = this.#given;
    const seen = membership.peers.fenceOf(node)?.revision ?? 0;
    return membership.mayAct() && membership.own?.id === record.bySession && seen <= revision;
  }

  /** The ending of a fence is worth some tries: what is done must not be done again for want of an answer. */
  async #end(
    node: NodeName,
    asked: Standing<FenceRecord>,
    sessionRevision: number,
    ending: Pick<FenceRecord, 'state' | 'says' | 'at'>,
  ): Promise<boolean> {
    const { membership, ports, signal } = this.#given;
    let leaves: Standing<FenceRecord> | undefined;
    for (let count = 0; count < endingTries && !signal.aborted; count += 1) {
      const { own } = membership;
      if (own === undefined || own.id !== asked.record.bySession) return false;
      const request =
        leaves === undefined
          ? endFence(own, node, asked, sessionRevision, ending)
          : leaveFence(own, node, leaves);
      const ended = await this.transact(request);
      if (ended?.ok === true) return leaves === undefined;
      if (ended !== undefined) {
        const stands = standingOf(node, ended.entries);
        if (stands?.record.at === ending.at && stands.record.state === ending.state) return true;
        if (stands?.record.isAtWork !== true || stands.record.bySession !== own.id) return false;
        leaves = stands;
      }
      await ports.clock.sleep(endAgainAfterMs, signal);
    }
    return false;
  }

  /** Undefined when the outcome is not known. */
  async transact(transaction: Transaction): Promise<Committed | undefined> {
    const { ports, cluster } = this.#given;
    try {
      return await ports.store.transact({ ...transaction, withinMs: cluster.times.right });
    } catch (error) {
      ports.log.warn({ event: 'store-failed', error: String(error) }, 'a fence could not be written');
      return undefined;
    }
  }
}

function standingOf(node: NodeName, entries: readonly Entry[] = []): Standing<FenceRecord> | undefined {
  const entry = entries.find(({ key }) => key === fenceKeys.fence(node));
  const record = fenceRecord.safeParse(entry?.value).data;
  return entry === undefined || record === undefined ? undefined : { record, revision: entry.revision };
}
