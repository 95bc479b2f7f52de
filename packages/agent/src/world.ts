import {
  afterDeath,
  type Claim,
  type Configuration,
  claimRecord,
  type HierarchyId,
  type HierarchyRecord,
  type Intent,
  intentRecord,
  type NodeMode,
  neverChecked,
  nobodyAsked,
  type Pause,
  pauseRecord,
  type Resource,
  readDocument,
  type StateRecord,
  stateRecord,
  type Tag,
  type View,
} from '@holdfast/core';
import type { Committed, Entry, Write } from '@holdfast/store';
import { keys } from './keys.ts';
import { OneByOne } from './oneByOne.ts';
import type { AgentPorts } from './ports.ts';
import {
  type ConfigurationRecord,
  configurationRecord,
  type FlagRecord,
  flagRecord,
  hierarchiesRecord,
  sessionRecord,
} from './storedRecords.ts';

/** The session was ended by another: this agent has lost the right to act, and it does not come back. */
export class SessionLost extends Error {
  override readonly name = 'SessionLost';
}

/** States are found out again by looking: a disk that hangs does not hold up a recovery for longer. */
const patienceMs = 2_000;

/** The store could not take what must be written before anything else is done, such as on a full disk. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

/**
 * What this node knows of the world: the store, read into memory. Each write goes through a transaction that holds
 * only while this agent's session lasts. States are gathered and written together; they are looked at again after a
 * crash, so a store that cannot take them for a while does not stop a recovery.
 */
export class World {
  readonly #ports: AgentPorts;
  readonly #revisions = new Map<string, number>();
  readonly #unsaved = new Set<Tag>();
  #revision = 0;
  #sessionRevision = 0;
  /** Each transaction is conditioned on the revisions that the one before it left. */
  readonly #transactions = new OneByOne();
  record: ConfigurationRecord | undefined;
  configuration: Configuration | undefined;
  hierarchies: readonly HierarchyRecord[] = [];
  readonly intents = new Map<Tag, Intent>();
  readonly states = new Map<Tag, StateRecord>();
  readonly pauses = new Map<Tag, Pause>();
  readonly claims = new Map<HierarchyId, Claim>();
  /** Of this node. */
  readonly flags = new Map<string, FlagRecord>();

  constructor(ports: AgentPorts) {
    this.#ports = ports;
  }

  /** Begins this agent's session, and reads everything. Answers the problems of a kept document that no longer reads. */
  async open(): Promise<readonly { what: string }[]> {
    const { store, identity, clock } = this.#ports;
    const { revision, entries } = await store.read('');
    const session = entries.find(({ key }) => key === keys.session(identity.node));
    const previous = session === undefined ? undefined : sessionRecord.parse(session.value);
    const begun = await store.transact({
      // A late beginning of an earlier boot must not end a live session.
      when: [{ key: keys.session(identity.node), revision: session?.revision ?? 0 }],
      write: [
        {
          key: keys.session(identity.node),
          value: { id: identity.session, boot: identity.boot, begunAt: clock.wall() },
        },
      ],
    });
    if (!begun.ok) throw new SessionLost('another agent began a session for this node at the same moment');
    this.#sessionRevision = begun.revision;
    this.#revision = Math.max(revision, begun.revision);
    for (const entry of entries) this.#take(entry);
    // What ran before this boot does not run now; only a check can tell what does.
    if (previous?.boot !== identity.boot) this.states.clear();
    for (const [tag, record] of this.states)
      this.states.set(tag, afterDeath(record, { isPaused: this.pauses.has(tag) }));
    return this.#readConfiguration();
  }

  #take({ key, value, revision }: Entry): void {
    const { node } = this.#ports.identity;
    this.#revisions.set(key, revision);
    if (key === keys.configuration) this.record = configurationRecord.parse(value);
    else if (key === keys.hierarchies)
      this.hierarchies = hierarchiesRecord.parse(value) as unknown as HierarchyRecord[];
    else if (key.startsWith(keys.intents))
      this.intents.set(key.slice(keys.intents.length) as Tag, intentRecord.parse(value));
    else if (key.startsWith(keys.states(node)))
      this.states.set(key.slice(keys.states(node).length) as Tag, stateRecord.parse(value));
    else if (key.startsWith(keys.pauses))
      this.pauses.set(key.slice(keys.pauses.length) as Tag, pauseRecord.parse(value));
    else if (key.startsWith(keys.flags(node)))
      this.flags.set(key.slice(keys.flags(node).length), flagRecord.parse(value));
    else if (key.startsWith(keys.claims))
      this.claims.set(key.slice(keys.claims.length) as HierarchyId, claimRecord.parse(value));
  }

  async #readConfiguration(): Promise<readonly { what: string }[]> {
    if (this.record === undefined) return [];
    const { document } = this.record;
    const read = readDocument(document, await this.#ports.kits.typesFor(document, document));
    if (!read.ok) return read.problems;
    this.configuration = read.value;
    return [];
  }

  stateOf(tag: Tag): StateRecord {
    return this.states.get(tag) ?? neverChecked;
  }

  intentOf(tag: Tag): Intent {
    return this.intents.get(tag) ?? nobodyAsked;
  }

  resource(tag: Tag): Resource | undefined {
    return this.configuration?.resources.get(tag);
  }

  hierarchyOf(tag: Tag): HierarchyRecord | undefined {
    return this.hierarchies.find(({ tags }) => tags.includes(tag));
  }

  /** The epoch under which this node may act on the resource; undefined when it has no claim. */
  epochOf(tag: Tag): number | undefined {
    const hierarchy = this.hierarchyOf(tag);
    const claim = hierarchy === undefined ? undefined : this.claims.get(hierarchy.id);
    const { node, boot } = this.#ports.identity;
    return claim !== undefined && !claim.clean && claim.node === node && claim.boot === boot
      ? claim.epoch
      : undefined;
  }

  view(busy: readonly Tag[], mode: NodeMode): View {
    const { identity, clock } = this.#ports;
    const nodes = this.configuration?.nodes ?? [identity.node];
    return {
      node: identity.node,
      boot: identity.boot,
      now: clock.wall(),
      generation: this.record?.generation ?? 0,
      basedOn: this.#revision,
      hierarchies: this.hierarchies,
      nodes: Object.fromEntries(
        nodes.map((node) => [
          node,
          node === identity.node ? { alive: 'yes', boot: identity.boot, mode } : { alive: 'not-known' },
        ]),
      ),
      intents: Object.fromEntries(this.intents),
      states: { [identity.node]: Object.fromEntries(this.states) },
      claims: Object.fromEntries(this.claims),
      paused: Object.fromEntries(this.pauses),
      busy,
    };
  }

  /** Takes a new state; `save` writes it. */
  setState(tag: Tag, state: StateRecord): void {
    this.states.set(tag, state);
    this.#unsaved.add(tag);
  }

  /** Writes what is unsaved. A store that refuses for a while is tried again with the next save. */
  save(): Promise<void> {
    return this.#transactions.run(() => this.#saveNow());
  }

  async #saveNow(): Promise<void> {
    const tags = [...this.#unsaved];
    if (tags.length === 0) return;
    this.#unsaved.clear();
    const { store, identity, log } = this.#ports;
    const write = tags.map((tag) => ({ key: keys.state(identity.node, tag), value: this.states.get(tag) }));
    try {
      const committed = await store.transact({
        when: [this.#session()],
        write,
        durable: 'soon',
        withinMs: patienceMs,
      });
      if (!committed.ok) throw new SessionLost('another agent has begun a session for this node');
      this.#remember(write, committed.revision);
    } catch (error) {
      if (error instanceof SessionLost) throw error;
      for (const tag of tags) this.#unsaved.add(tag);
      log.error(
        { event: 'store-failed', error: String(error) },
        'states could not be written; trying again with the next',
      );
    }
  }

  /** Writes intents of many resources at once, all or none. */
  async setIntents(intents: ReadonlyMap<Tag, Intent>): Promise<void> {
    const write = [...intents].map(([tag, value]) => ({ key: keys.intent(tag), value }));
    const committed = await this.#transactOnKeys(write);
    if (!committed.ok) throw new SessionLost('another agent has begun a session for this node');
    for (const [tag, intent] of intents) this.intents.set(tag, intent);
  }

  /** Pauses, or with undefined resumes, many resources at once. */
  async setPauses(pauses: ReadonlyMap<Tag, Pause | undefined>): Promise<void> {
    const committed = await this.#transactOnKeys(
      [...pauses].map(([tag, value]) => ({ key: keys.pause(tag), value })),
    );
    if (!committed.ok) throw new SessionLost('another agent has begun a session for this node');
    for (const [tag, pause] of pauses) {
      if (pause === undefined) this.pauses.delete(tag);
      else this.pauses.set(tag, pause);
    }
  }

  /** Leaves, or with undefined takes away, flags of this node. */
  async setFlags(flags: ReadonlyMap<string, FlagRecord | undefined>): Promise<void> {
    const { node } = this.#ports.identity;
    const committed = await this.#transactOnKeys(
      [...flags].map(([flag, value]) => ({ key: keys.flag(node, flag), value })),
    );
    if (!committed.ok) throw new SessionLost('another agent has begun a session for this node');
    for (const [flag, record] of flags) {
      if (record === undefined) this.flags.delete(flag);
      else this.flags.set(flag, record);
    }
  }

  /** Takes or changes a claim, if it is as this node saw it last. */
  async setClaim(hierarchy: HierarchyId, claim: Claim): Promise<void> {
    const committed = await this.#transactOnKeys([{ key: keys.claim(hierarchy), value: claim }]);
    if (!committed.ok) throw new SessionLost(`the claim of ${hierarchy} was changed by another`);
    this.claims.set(hierarchy, claim);
  }

  /** Switches to a new configuration in one transaction; what it no longer describes is forgotten in the same. */
  async setConfiguration(
    record: ConfigurationRecord,
    configuration: Configuration,
    hierarchies: readonly HierarchyRecord[],
  ): Promise<void> {
    const { node } = this.#ports.identity;
    const gone = [...new Set([...this.intents.keys(), ...this.states.keys()])].filter(
      (tag) => !configuration.resources.has(tag),
    );
    const lost = [...this.claims.keys()].filter(
      (id) => !hierarchies.some((hierarchy) => hierarchy.id === id),
    );
    const rewritten = this.#claimsOf(hierarchies);
    const committed = await this.#transactOnKeys([
      { key: keys.configuration, value: record },
      { key: keys.configurationOf(record.generation), value: record },
      { key: keys.hierarchies, value: hierarchies },
      ...gone.flatMap((tag) => [
        { key: keys.intent(tag), value: undefined },
        { key: keys.state(node, tag), value: undefined },
        { key: keys.pause(tag), value: undefined },
      ]),
      ...lost.map((id) => ({ key: keys.claim(id), value: undefined })),
      ...[...rewritten].map(([id, claim]) => ({ key: keys.claim(id), value: claim })),
    ]);
    if (!committed.ok) throw new SessionLost('another agent has begun a session for this node');
    for (const tag of gone) {
      this.intents.delete(tag);
      this.states.delete(tag);
      this.pauses.delete(tag);
      this.#unsaved.delete(tag);
    }
    for (const id of lost) this.claims.delete(id);
    for (const [id, claim] of rewritten) this.claims.set(id, claim);
    this.record = record;
    this.configuration = configuration;
    this.hierarchies = hierarchies;
  }

  /**
   * Hierarchies that joined or split are owned anew, with a new epoch, in the transaction that makes them: by this
   * node when anything of them runs here.
   */
  #claimsOf(hierarchies: readonly HierarchyRecord[]): Map<HierarchyId, Claim> {
    const { node, boot } = this.#ports.identity;
    const claims = new Map<HierarchyId, Claim>();
    for (const { id, tags } of hierarchies) {
      const before = [
        ...new Set(tags.map((tag) => this.hierarchyOf(tag)?.id).filter((old) => old !== undefined)),
      ];
      const same =
        before.length === 1 &&
        before[0] === id &&
        this.hierarchies.find((old) => old.id === id)?.tags.every((tag) => tags.includes(tag));
      const old = before.map((one) => this.claims.get(one)).filter((claim) => claim !== undefined);
      if (same === true || old.length === 0) continue;
      const runs = tags.some((tag) => this.stateOf(tag).state !== 'OSU');
      claims.set(id, { node, boot, epoch: Math.max(...old.map(({ epoch }) => epoch)) + 1, clean: !runs });
    }
    return claims;
  }

  #transactOnKeys(write: readonly Write[]): Promise<Committed> {
    return this.#transactions.run(() => this.#transactNow(write));
  }

  async #transactNow(write: readonly Write[]): Promise<Committed> {
    const when = [
      this.#session(),
      ...write.map(({ key }) => ({ key, revision: this.#revisions.get(key) ?? 0 })),
    ];
    const committed = await this.#ports.store.transact({ when, write }).catch((error: unknown) => {
      throw new StoreFailed(`the store could not be written: ${String(error)}`, { cause: error });
    });
    if (committed.ok) this.#remember(write, committed.revision);
    return committed;
  }

  /** What the next transaction on these keys is conditioned on. */
  #remember(write: readonly Write[], revision: number): void {
    this.#revision = revision;
    for (const { key, value } of write) {
      if (value === undefined) this.#revisions.delete(key);
      else this.#revisions.set(key, revision);
    }
  }

  #session() {
    return { key: keys.session(this.#ports.identity.node), revision: this.#sessionRevision };
  }
}
