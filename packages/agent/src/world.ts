import {
  afterDeath,
  type Claim,
  type Configuration,
  claimRecord,
  type HierarchyFailure,
  type HierarchyId,
  type HierarchyRecord,
  hierarchyFailureRecord,
  type Intent,
  intentRecord,
  type NodeMode,
  type NodeName,
  type NodeView,
  neverChecked,
  nobodyAsked,
  type Pause,
  pauseRecord,
  type ReadinessRecord,
  type Resource,
  readDocument,
  readinessRecord,
  type StateRecord,
  stateRecord,
  type Tag,
  type View,
} from '@holdfast/core';
import {
  type Changes,
  type Committed,
  type Condition,
  type Entry,
  OutcomeUnknown,
  type Snapshot,
  type Transaction,
  type Write,
} from '@holdfast/store';
import type { Membership } from './cluster/membership.ts';
import { type Elsewhere, StatesElsewhere } from './cluster/statesElsewhere.ts';
import { keys } from './keys.ts';
import { OneByOne } from './oneByOne.ts';
import type { AgentPorts } from './ports.ts';
import {
  type ConfigurationRecord,
  configurationRecord,
  type FlagRecord,
  flagRecord,
  hierarchiesRecord,
  modeRecord,
  type PlacedRecord,
  placedRecord,
  type RequestRecord,
  requestRecord,
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

/** Another node changed what this one was to change; everything was read anew, and can be decided again at once. */
export class Overtaken extends StoreFailed {}

/** States in one transaction of a cluster's store. */
const partMax = 50;

/** Generations of the configuration that are kept. */
const generationsMax = 50;
/** A transaction of a cluster's store takes only so much. */
const forgottenAtOnce = 10;

const saveAgainAfterMs = 1_000;
const settleTries = 20;
const settleAgainAfterMs = 100;

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
  readonly requests = new Map<HierarchyId, RequestRecord>();
  /** Where operators put hierarchies last. */
  readonly placed = new Map<HierarchyId, PlacedRecord>();
  /** Whether this node could run what it does not, as it found in this life of its agent. */
  readonly readiness = new Map<Tag, ReadinessRecord>();
  /** Why hierarchies left nodes, by the key of the record. */
  readonly failures = new Map<string, HierarchyFailure>();
  readonly elsewhere: StatesElsewhere;
  /** Of a node that is not alone: its session is kept elsewhere. */
  readonly #membership: Membership | undefined;
  /** The revision at which each key was last seen, also when it was seen to be gone: what comes late is old. */
  readonly #seen = new Map<string, number>();
  #floor = 0;
  #turnRevision = 0;
  /** Something that was sent may still be committed: nothing more is before that is settled. */
  #isUnsettled = false;
  #isToSaveAgain = false;
  #ownStatesAreRead = false;
  /** This node booted since an agent of it had a session. */
  #isFirstOfBoot = false;
  readonly #beganAt: number;
  #newConfiguration: { record?: ConfigurationRecord; hierarchies?: readonly HierarchyRecord[] } = {};
  readonly #readings = new OneByOne();
  /** Another node switched to another configuration, and it is in force here now. */
  onConfiguration: () => void = () => undefined;
  onChange: () => void = () => undefined;
  /** Another node asks this one something, or answers it. */
  onAsk: (entry: Entry) => void = () => undefined;

  constructor(ports: AgentPorts, membership?: Membership) {
    this.#ports = ports;
    this.#membership = membership;
    this.#beganAt = ports.clock.now();
    this.elsewhere = new StatesElsewhere(ports.identity.node);
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

  /** Reads everything, before this node of a cluster has a session: it looks at what runs first. */
  async look(): Promise<readonly { what: string }[]> {
    const { store, identity } = this.#ports;
    const { revision, entries } = await store.read('');
    const session = entries.find(({ key }) => key === keys.session(identity.node));
    const previous = session === undefined ? undefined : sessionRecord.safeParse(session.value).data;
    this.#floor = revision;
    for (const entry of entries) this.#take(entry);
    const { record = this.record, hierarchies = this.hierarchies } = this.#newConfiguration;
    this.#newConfiguration = {};
    this.record = record;
    this.hierarchies = hierarchies;
    this.#ownStatesAreRead = true;
    // What ran under a right that is over was let go of, or is found now: that is no failure of it.
    this.#isFirstOfBoot = previous?.boot !== identity.boot;
    if (previous?.boot !== identity.boot || previous.endedBy !== undefined) this.states.clear();
    for (const [tag, state] of this.states)
      this.states.set(tag, afterDeath(state, { isPaused: this.pauses.has(tag) }));
    return this.#readConfiguration();
  }

  /** This node of a cluster has a session now: from here it may write. What it found before is written under it. */
  async join(): Promise<void> {
    await this.#transactions.run(() => this.#settle());
    for (const tag of this.states.keys()) this.#unsaved.add(tag);
    await this.save();
  }

  /** Everything as of one moment: what is not in it, and was not seen later, is gone. */
  takeAll({ revision, entries }: Snapshot): void {
    const there = new Set(entries.map(({ key }) => key));
    for (const key of [...this.#revisions.keys()])
      if (!there.has(key) && (this.#seen.get(key) ?? 0) <= revision)
        this.#take({ key, value: undefined, revision });
    this.#takeNew(entries);
    this.#floor = Math.max(this.#floor, revision);
  }

  /** What one transaction changed. */
  takeChanges({ revision, entries }: Changes): void {
    this.#takeNew(entries.filter((entry) => entry.revision > this.#floor));
    this.#floor = Math.max(this.#floor, revision);
  }

  #takeNew(entries: readonly Entry[]): void {
    let hasNews = false;
    for (const entry of entries) {
      if (entry.revision <= (this.#seen.get(entry.key) ?? 0)) continue;
      this.#take(entry);
      hasNews ||= !entry.key.startsWith('beat/');
    }
    if (hasNews) this.onChange();
    const { record, hierarchies } = this.#newConfiguration;
    if (record !== undefined || hierarchies !== undefined) void this.#readings.run(() => this.#switch());
  }

  /** A kit that cannot be asked leaves the configuration that was in force. */
  async #switch(): Promise<void> {
    const { record = this.record, hierarchies = this.hierarchies } = this.#newConfiguration;
    if (record === undefined || this.#newConfiguration === undefined) return;
    this.#newConfiguration = {};
    const read = await this.#ports.kits
      .typesFor(record.document, this.record?.document)
      .then((types) => readDocument(record.document, types));
    if (!read.ok) {
      for (const problem of read.problems)
        this.#ports.log.error({ event: 'configuration-unreadable', ...problem }, problem.what);
      return;
    }
    this.record = record;
    this.configuration = read.value;
    this.hierarchies = hierarchies;
    for (const tag of [...this.states.keys()]) if (!read.value.resources.has(tag)) this.states.delete(tag);
    this.onConfiguration();
  }

  #take(entry: Entry): void {
    const { key, value, revision } = entry;
    this.#seen.set(key, revision);
    if (this.#membership === undefined) {
      this.#takeOne(entry);
      return;
    }
    if (value === undefined) this.#revisions.delete(key);
    else this.#revisions.set(key, revision);
    this.#revision = Math.max(this.#revision, revision);
    // A record that a newer version wrote says nothing here; of a claim the keeper's rules say what follows.
    try {
      this.#takeOfCluster(entry);
    } catch (error) {
      this.#ports.log.warn(
        { event: 'record-not-understood', key, error: String(error) },
        `the record ${key} is not understood`,
      );
    }
  }

  #takeOfCluster(entry: Entry): void {
    const { key, value } = entry;
    const { node } = this.#ports.identity;
    const put = <Name extends string, Value>(
      map: Map<Name, Value>,
      prefix: string,
      schema: { parse: (value: unknown) => Value },
    ): void => {
      const name = key.slice(prefix.length) as Name;
      if (value === undefined) map.delete(name);
      else map.set(name, schema.parse(value));
    };
    if (key === keys.configuration) {
      if (value !== undefined) this.#newConfiguration.record = configurationRecord.parse(value);
    } else if (key === keys.hierarchies) {
      if (value !== undefined)
        this.#newConfiguration.hierarchies = hierarchiesRecord.parse(value) as unknown as HierarchyRecord[];
    } else if (key === keys.turn(node)) this.#turnRevision = value === undefined ? 0 : entry.revision;
    else if (key.startsWith(keys.intents)) put(this.intents, keys.intents, intentRecord);
    else if (key.startsWith(keys.pauses)) put(this.pauses, keys.pauses, pauseRecord);
    else if (key.startsWith(keys.flags(node))) put(this.flags, keys.flags(node), flagRecord);
    else if (key.startsWith(keys.everyFlag)) this.elsewhere.takeFlag(entry, keys.everyFlag);
    else if (key.startsWith(keys.placements)) put(this.placed, keys.placements, placedRecord);
    else if (key.startsWith(keys.readiness(node))) {
      // What an earlier life said is looked at again.
      if (entry.revision > (this.#membership?.own?.revision ?? Number.POSITIVE_INFINITY))
        put(this.readiness, keys.readiness(node), readinessRecord);
    } else if (key.startsWith(keys.everyReadiness))
      this.elsewhere.takeReadiness(entry, keys.everyReadiness, readinessRecord);
    else if (key.startsWith(keys.asks(node)) || key.startsWith(keys.answers(node))) this.onAsk(entry);
    else if (key.startsWith(keys.claims)) put(this.claims, keys.claims, claimRecord);
    else if (key.startsWith(keys.requests)) put(this.requests, keys.requests, requestRecord);
    else if (key.startsWith(keys.failures)) put(this.failures, keys.failures, hierarchyFailureRecord);
    else if (key.startsWith(keys.modes)) this.elsewhere.takeMode(entry, keys.modes, modeRecord);
    else if (key.startsWith(keys.sessionsPrefix)) this.elsewhere.takeSession(entry, keys.sessionsPrefix);
    else if (key.startsWith(keys.states(node))) {
      // Of its own states this node knows more than the store; only at its start it learns how an earlier life left them.
      if (this.#ownStatesAreRead || value === undefined) return;
      this.states.set(key.slice(keys.states(node).length) as Tag, stateRecord.parse(value));
    } else if (key.startsWith(keys.everyState)) this.elsewhere.takeState(entry, keys.everyState, stateRecord);
  }

  #takeOne({ key, value, revision }: Entry): void {
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
    return claim !== undefined && this.#isOurs(claim) ? claim.epoch : undefined;
  }

  /** Taken by this life of the agent; in a cluster, by this session. Everything else is taken anew before it is used. */
  #isOurs(claim: Claim): boolean {
    const { node, boot } = this.#ports.identity;
    if (claim.clean || claim.node !== node || claim.boot !== boot) return false;
    return this.#membership === undefined || claim.session === this.#membership.own?.id;
  }

  /** The node that has the hierarchy of the resource, as far as its claim says. */
  ownerOf(tag: Tag): NodeName | undefined {
    const hierarchy = this.hierarchyOf(tag);
    const claim = hierarchy === undefined ? undefined : this.claims.get(hierarchy.id);
    return claim === undefined || claim.clean ? undefined : claim.node;
  }

  /** What runs unasked is taken over where nobody else has a claim to it. */
  mayAdopt(tag: Tag): boolean {
    if (this.#membership === undefined) return true;
    const owner = this.ownerOf(tag);
    return this.#membership.own !== undefined && (owner === undefined || owner === this.#ports.identity.node);
  }

  /** The request under which a resource is to come to a node, while it is neither reached nor refused. */
  requestOf(tag: Tag): RequestRecord | undefined {
    const hierarchy = this.hierarchyOf(tag);
    return hierarchy === undefined ? undefined : this.requests.get(hierarchy.id);
  }

  /** How it stands on the other nodes, as each wrote it in its present life. */
  statesElsewhere(tag: Tag): readonly Elsewhere[] {
    return this.elsewhere.of(tag);
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
      nodes: this.#nodeViews(nodes, mode),
      intents: Object.fromEntries(this.intents),
      states: { ...this.elsewhere.all(), [identity.node]: Object.fromEntries(this.states) },
      claims: Object.fromEntries([...this.claims].map(([id, claim]) => [id, this.#asSeen(claim)])),
      ...this.#ofCluster(),
      paused: Object.fromEntries(this.pauses),
      busy,
    };
  }

  #nodeViews(nodes: readonly NodeName[], mode: NodeMode): Record<NodeName, NodeView> {
    const { node: own, boot } = this.#ports.identity;
    return Object.fromEntries(
      nodes.map((node): [NodeName, NodeView] => {
        if (node === own) return [node, { alive: 'yes', boot, mode }];
        const alive = this.#membership?.judgeAlive(node) ?? 'not-known';
        const its = this.elsewhere.modeOf(node);
        const aliveForMs = this.#membership?.aliveFor(node);
        const joinedAt = this.elsewhere.joinedAt(node);
        return [
          node,
          {
            alive,
            ...(its === undefined ? {} : { mode: its }),
            ...(aliveForMs === undefined ? {} : { aliveForMs }),
            wasSeen: this.#membership?.wasSeen(node) === true,
            ...(joinedAt === undefined ? {} : { joinedAt }),
          },
        ];
      }),
    );
  }

  /** A claim of an earlier session of this node is not one of this: it is to be taken anew, as one of an earlier boot. */
  #asSeen(claim: Claim): Claim {
    const { node, boot } = this.#ports.identity;
    const isOld = claim.node === node && claim.boot === boot && !claim.clean && !this.#isOurs(claim);
    return isOld ? { ...claim, boot: `${claim.boot}, an earlier session` as Claim['boot'] } : claim;
  }

  #ofCluster(): Pick<
    View,
    'requests' | 'failedOn' | 'placed' | 'takenAt' | 'readiness' | 'flags' | 'bootedForMs'
  > {
    if (this.#membership === undefined) return {};
    const own = this.#ports.identity.node;
    const open = [...this.requests].filter(([, { refused }]) => refused === undefined);
    const failedOn: Record<HierarchyId, Record<NodeName, HierarchyFailure>> = {};
    for (const [name, failure] of this.failures) {
      const [node] = name.split('/', 1) as [NodeName];
      const id = name.slice(node.length + 1) as HierarchyId;
      failedOn[id] = { ...failedOn[id], [node]: failure };
    }
    return {
      requests: Object.fromEntries(open.map(([id, { node }]) => [id, node])),
      failedOn,
      placed: Object.fromEntries([...this.placed].map(([id, { node }]) => [id, node])),
      takenAt: Object.fromEntries(
        [...this.claims.keys()].map((id) => [id, this.#revisions.get(keys.claim(id)) ?? 0]),
      ),
      readiness: this.readinessOfAll() ?? {},
      ...(this.#isFirstOfBoot ? { bootedForMs: this.#ports.clock.now() - this.#beganAt } : {}),
      flags: { ...this.elsewhere.flags(), [own]: [...this.flags.keys()].sort() },
    };
  }

  /** What the preflights of every node said in its present life. Undefined where the node is alone. */
  readinessOfAll(): Record<NodeName, Record<Tag, ReadinessRecord>> | undefined {
    if (this.#membership === undefined) return undefined;
    return { ...this.elsewhere.readiness(), [this.#ports.identity.node]: Object.fromEntries(this.readiness) };
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
    if (tags.length === 0 || (this.#membership !== undefined && this.#membership.own === undefined)) return;
    this.#unsaved.clear();
    const { identity, log } = this.#ports;
    const write = tags.map((tag) => ({ key: keys.state(identity.node, tag), value: this.states.get(tag) }));
    try {
      for (const part of this.#parts(write)) {
        const committed = await this.#commit({
          when: [],
          write: part,
          durable: 'soon',
          withinMs: patienceMs,
        });
        if (!committed.ok) throw new SessionLost('another agent has begun a session for this node');
      }
    } catch (error) {
      if (error instanceof SessionLost) throw error;
      for (const tag of tags) this.#unsaved.add(tag);
      log.error(
        { event: 'store-failed', error: String(error) },
        'states could not be written; trying again with the next',
      );
      if (this.#membership !== undefined) void this.#saveAgain(this.#membership);
    }
  }

  /** Other nodes wait for what is out here: they must not wait for the next change of a state. */
  async #saveAgain(membership: Membership): Promise<void> {
    if (this.#isToSaveAgain) return;
    this.#isToSaveAgain = true;
    await this.#ports.clock.sleep(saveAgainAfterMs, new AbortController().signal);
    this.#isToSaveAgain = false;
    // Where the right is lost, this life of the agent ends, and the next one writes what it finds.
    if (membership.isOver) return;
    // An agent that was held up may hear only later that its keeper has renewed the right.
    if (membership.mayAct()) await this.save().catch(() => undefined);
    else void this.#saveAgain(membership);
  }

  /** States are each on their own: a cluster's store takes only so many at once. */
  #parts(write: readonly Write[]): readonly (readonly Write[])[] {
    if (this.#membership === undefined) return [write];
    return Array.from({ length: Math.ceil(write.length / partMax) }, (_, at) =>
      write.slice(at * partMax, (at + 1) * partMax),
    );
  }

  /** Writes intents of many resources at once, all or none. */
  async setIntents(intents: ReadonlyMap<Tag, Intent>, more: readonly Write[] = []): Promise<void> {
    const write = [...intents].map(([tag, value]) => ({ key: keys.intent(tag), value }));
    const committed = await this.#transactOnKeys([...write, ...more]);
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

  /** Writes records that stand for themselves, such as requests and failures to remember, in a cluster. */
  async write(records: readonly Write[]): Promise<void> {
    await this.#transactOnKeys(records);
  }

  /** Takes away what is there of these keys. What cannot be taken away now is left to whoever comes across it. */
  async forget(these: readonly string[]): Promise<void> {
    const there = these.filter((key) => this.#revisions.has(key));
    if (there.length === 0) return;
    await this.#transactOnKeys(there.map((key) => ({ key, value: undefined }))).catch((error: unknown) => {
      if (!(error instanceof StoreFailed)) throw error;
    });
  }

  /** This node goes in an orderly way: the others need not wait for it. */
  async endSession(): Promise<void> {
    const { node, boot, session } = this.#ports.identity;
    const { own } = this.#membership ?? {};
    if (own === undefined) return;
    const value = { id: own.id, boot, begunAt: this.#ports.clock.wall(), endedBy: node, by: session };
    await this.#transactions.run(() =>
      this.#ports.store.transact({ when: this.#standing(), write: [{ key: keys.session(node), value }] }),
    );
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
      ...this.#oldGenerations(record.generation).map((key) => ({ key, value: undefined })),
      ...gone.flatMap((tag) => [
        { key: keys.intent(tag), value: undefined },
        { key: keys.state(node, tag), value: undefined },
        ...(this.readiness.has(tag) ? [{ key: keys.readinessOf(node, tag), value: undefined }] : []),
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
      this.readiness.delete(tag);
      this.#unsaved.delete(tag);
    }
    for (const id of lost) this.claims.delete(id);
    for (const [id, claim] of rewritten) this.claims.set(id, claim);
    this.record = record;
    this.configuration = configuration;
    this.hierarchies = hierarchies;
  }

  /** Every generation is read at each start: those of long ago are forgotten, a few at a time. */
  #oldGenerations(newest: number): readonly string[] {
    const oldest = keys.configurationOf(Math.max(0, newest - generationsMax + 1));
    return [...this.#revisions.keys()]
      .filter((key) => key.startsWith(keys.configurationOfAny) && key < oldest)
      .sort()
      .slice(0, forgottenAtOnce);
  }

  /**
   * Hierarchies that joined or split are owned anew, with a new epoch, in the transaction that makes them: by this
   * node when anything of them runs here.
   */
  #claimsOf(hierarchies: readonly HierarchyRecord[]): Map<HierarchyId, Claim> {
    const { node, boot } = this.#ports.identity;
    const claims = new Map<HierarchyId, Claim>();
    const isAlone = this.#membership === undefined;
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
      const epoch = Math.max(...old.map((claim) => claim.epoch)) + 1;
      // Where others are, whoever has them goes on having them; `refuseJoin` saw that it is one node.
      if (!isAlone) {
        claims.set(id, { ...(old.find(({ clean }) => !clean) ?? old[0]!), epoch });
        continue;
      }
      const runs = tags.some((tag) => this.stateOf(tag).state !== 'OSU');
      claims.set(id, { node, boot, epoch, clean: !runs });
    }
    return claims;
  }

  #transactOnKeys(write: readonly Write[]): Promise<Committed> {
    return this.#transactions.run(() => this.#transactNow(write));
  }

  async #transactNow(write: readonly Write[]): Promise<Committed> {
    const when = write.map(({ key }) => ({ key, revision: this.#revisions.get(key) ?? 0 }));
    return this.#commit({ when, write });
  }

  /** A transaction of the keeper's rules, such as the taking of a claim, with what is to change in the same moment. */
  transactClaim(transaction: Transaction, more: readonly Write[]): Promise<Committed> {
    return this.#transactions.run(() =>
      this.#commit({ when: transaction.when, write: [...transaction.write, ...more] }),
    );
  }

  /** Writes under this node's session. In a cluster, what could not be learned or was overtaken is read anew. */
  async #commit({ when, ...rest }: Transaction): Promise<Committed> {
    const own = keys.session(this.#ports.identity.node);
    if (this.#isUnsettled) await this.#settle();
    // The session of this node is in every transaction once.
    const others = when.filter(({ key }) => key !== own);
    const transaction = { ...rest, when: [...this.#standing(), ...others] };
    try {
      const committed = await this.#ports.store.transact(transaction);
      if (committed.ok) this.#remember(transaction.write, committed.revision);
      else if (this.#membership !== undefined) {
        await this.#settle();
        throw new Overtaken('what was to be changed was changed meanwhile');
      }
      return committed;
    } catch (error) {
      if (error instanceof StoreFailed) throw error;
      if (this.#membership !== undefined && error instanceof OutcomeUnknown) await this.#settle();
      throw new StoreFailed(`the store could not be written: ${String(error)}`, { cause: error });
    }
  }

  /**
   * Reads everything in a transaction that changes what each of ours is conditioned on: whatever was sent before can no
   * longer be committed, and what is read is how it stands.
   */
  async #settle(): Promise<void> {
    const { store, identity, log, clock } = this.#ports;
    const signal = new AbortController().signal;
    this.#isUnsettled = true;
    for (let count = 1; ; count += 1) {
      try {
        const when = [this.#session()];
        const write = [{ key: keys.turn(identity.node), value: { of: identity.session, count } }];
        const settled = await store.transact({ when, write, read: [''] });
        if (!settled.ok) throw new StoreFailed('this node has no session any more');
        this.#turnRevision = settled.revision;
        this.#isUnsettled = false;
        this.takeAll({ revision: settled.revision, entries: settled.entries ?? [] });
        return;
      } catch (error) {
        // Without a session nothing can be settled; the next session begins with a look at everything.
        if (error instanceof StoreFailed || count >= settleTries)
          throw new StoreFailed(`the store does not answer: ${String(error)}`, { cause: error });
        log.warn({ event: 'store-failed', error: String(error) }, 'an outcome is not known; reading again');
        await clock.sleep(settleAgainAfterMs, signal);
      }
    }
  }

  /** What this node wrote itself; a configuration is put in force by who wrote it. */
  #takeOwn(entry: Entry): void {
    const isSwitch = entry.key === keys.configuration || entry.key === keys.hierarchies;
    if (isSwitch) this.#seen.set(entry.key, entry.revision);
    else this.#take(entry);
  }

  /** What every transaction of this node rests on. */
  #standing(): readonly Condition[] {
    if (this.#membership === undefined) return [this.#session()];
    return [this.#session(), { key: keys.turn(this.#ports.identity.node), revision: this.#turnRevision }];
  }

  /** What the next transaction on these keys is conditioned on. */
  #remember(write: readonly Write[], revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    for (const { key, value } of write) {
      if (this.#membership !== undefined) this.#takeOwn({ key, value, revision });
      if (value === undefined) this.#revisions.delete(key);
      else this.#revisions.set(key, revision);
    }
  }

  #session() {
    const { node } = this.#ports.identity;
    if (this.#membership === undefined) return { key: keys.session(node), revision: this.#sessionRevision };
    const { own } = this.#membership;
    if (own === undefined) throw new StoreFailed('this node has no session');
    return { key: keys.session(node), revision: own.revision };
  }
}
