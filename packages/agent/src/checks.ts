import {
  afterCheck,
  basisOf,
  type CheckAction,
  type Intent,
  isInService,
  type Resource,
  type StateRecord,
  type Tag,
} from '@holdfast/core';
import { checkResource } from '@holdfast/engine';
import type { CheckResult } from '@holdfast/kit';
import { announceConditions } from './announceConditions.ts';
import type { Events } from './events.ts';
import type { AgentPorts } from './ports.ts';
import { StoreFailed, type World } from './world.ts';

/** Out of service, a resource is looked at so many times less often. */
const slowness = 6;

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  events: Events;
  /** How many steps of the resource have begun; a check that a step overtook says nothing. */
  stepsBegun: (tag: Tag) => number;
  isActing: (tag: Tag) => boolean;
  onChange: () => void;
}>;

/** Makes the checks, and turns what they find into states. */
export class Checks {
  readonly #given: Given;
  /** For each action: a deep check that fails is not made good by a quick one that does not look as far. */
  readonly #badInARow = new Map<Tag, Partial<Record<CheckAction, number>>>();
  readonly #stopped = new AbortController();
  readonly #unsettled = new Set<Tag>();

  constructor(given: Given) {
    this.#given = given;
  }

  /**
   * Every resource once, all at the same time, as the agent starts and with each new configuration: the states of an
   * earlier life are not believed unseen, and of what is no longer described nothing is remembered.
   */
  checkAll(): Promise<void> {
    const tags = new Set(this.#given.world.configuration?.resources.keys());
    for (const tag of this.#badInARow.keys()) if (!tags.has(tag)) this.#badInARow.delete(tag);
    return this.settle([...tags]);
  }

  /** Checks these now, at the same time; nothing is decided about what is not known until its check has answered. */
  async settle(tags: readonly Tag[]): Promise<void> {
    for (const tag of tags) if (this.#given.world.stateOf(tag).state === 'ILLSTATE') this.#unsettled.add(tag);
    await Promise.all(
      tags.map(async (tag) => {
        await this.check(tag);
        this.#unsettled.delete(tag);
      }),
    );
    this.#given.onChange();
  }

  /**
   * Resources whose first check is under way, or that are being adopted. Nothing is decided about them yet: what
   * runs must not be taken down because it is not known yet that it is wanted.
   */
  unsettled(): readonly Tag[] {
    return [...this.#unsettled];
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** How often each resource in service is to be checked deeply, where its kit can. */
  deepRounds(): ReadonlyMap<Tag, number> {
    const rounds = new Map<Tag, number>();
    for (const [tag, { policy, actions }] of this.#given.world.configuration?.resources ?? []) {
      const { state, failure } = this.#given.world.stateOf(tag);
      if (this.#given.world.pauses.has(tag)) continue;
      const isToSee = state === 'ISP' || (state === 'OSF' && failure?.foundBy === 'deepCheck');
      if (actions.includes('deepCheck') && isToSee) rounds.set(tag, policy.deepCheck.every);
    }
    return rounds;
  }

  /** How often each resource is to be checked as it stands now. */
  rounds(): ReadonlyMap<Tag, number> {
    const rounds = new Map<Tag, number>();
    for (const [tag, { policy }] of this.#given.world.configuration?.resources ?? []) {
      if (this.#isLeftAlone(tag)) continue;
      const { state } = this.#given.world.stateOf(tag);
      rounds.set(tag, state === 'OSU' ? policy.quickCheck.every * slowness : policy.quickCheck.every);
    }
    return rounds;
  }

  /** Checks one resource, and records what was found, unless a step is or was under way meanwhile. */
  async check(tag: Tag, action: CheckAction = 'quickCheck'): Promise<void> {
    const { world, stepsBegun, isActing } = this.#given;
    const resource = world.resource(tag);
    if (resource === undefined || isActing(tag) || this.#isLeftAlone(tag)) return;
    const begunBefore = stepsBegun(tag);
    const result = await this.ask(resource, action, []);
    if (this.#stopped.signal.aborted || isActing(tag) || stepsBegun(tag) !== begunBefore) return;
    if (world.resource(tag) !== resource) return;
    await this.#record(resource, action, result);
  }

  /** Paused: no check of it leads to anything. Only one of which nothing is known is looked at, to have a state. */
  #isLeftAlone(tag: Tag): boolean {
    const { world } = this.#given;
    return world.pauses.has(tag) && world.stateOf(tag).state !== 'ILLSTATE';
  }

  /** One check, recorded nowhere. */
  async ask(
    resource: Resource,
    action: CheckAction,
    args: readonly string[],
  ): Promise<CheckResult & { tookMs: number }> {
    const { ports, world } = this.#given;
    const { tag, policy } = resource;
    const call = {
      resource,
      action,
      settings: resource.settings[ports.identity.node] ?? {},
      epoch: world.epochOf(tag) ?? 0,
      args,
      budgetMs: policy[action].timeout,
    };
    const result = await checkResource(ports, call, this.#stopped.signal);
    ports.onCheck?.({ resource, action, finding: result.finding, tookMs: result.tookMs });
    return result;
  }

  async #record(
    resource: Resource,
    action: CheckAction,
    result: CheckResult & { tookMs: number },
  ): Promise<void> {
    const { ports, world, events, onChange } = this.#given;
    const { tag, policy } = resource;
    const before = world.stateOf(tag);
    const intent = world.intentOf(tag);
    const { finding, evidence, tookMs } = result;
    const after = afterCheck({
      record: before,
      action,
      check: {
        finding,
        evidence,
        at: ports.clock.wall(),
        tookMs,
        conditions: [...(result.conditions ?? [])],
      },
      badInARow: this.#badInARow.get(tag)?.[action] ?? 0,
      inARow: policy[action].inARow,
      want: intent.want,
      intentRevision: intent.revision,
      basis: basisOfNow(ports, world, tag),
    });
    this.#badInARow.set(tag, { ...this.#badInARow.get(tag), [action]: after.badInARow });
    if (isInService(before.state) && finding !== 'in-service') {
      events.emit({ kind: 'check-failed', tag, finding, evidence });
      ports.log.warn(
        { event: 'check-failed', tag, finding, evidence, tookMs },
        `${action} of ${tag}: ${finding}`,
      );
    }
    // Wanted before it is known to run: in between, it would be something that runs and nobody wants.
    const isPaused = world.pauses.has(tag);
    // In a cluster it is seen as it is; it is taken over once this node has a session, unless it is another's.
    const isOurs = world.mayAdopt(tag);
    if (after.isAdopted && !isPaused && isOurs && !(await this.#adopt(tag))) return;
    const record = isPaused ? unprotected(after.record) : after.record;
    world.setState(tag, record);
    const hasChanged = before.state !== record.state;
    if (!hasChanged && JSON.stringify(before.conditions) === JSON.stringify(record.conditions)) return;
    announceState({ ports, events, tag, before, after: record });
    announceConditions({ events, tag, before, after: record });
    // Decided about while it is written: a step that follows is written after it, and a check finds again what was lost.
    onChange();
    await world.save();
  }

  /**
   * It runs, so it is wanted, with all it needs: nothing that serves is taken down because nobody asked for it.
   * Answers false when that could not be written; the next check finds it again.
   */
  async #adopt(tag: Tag): Promise<boolean> {
    const { ports, world, events } = this.#given;
    const says = 'found running though nobody asked for it: taken over as it is';
    const tags = [tag, ...world.configuration!.graph.below([tag])];
    const intents = new Map<Tag, Intent>();
    for (const one of tags) {
      const { want, revision } = world.intentOf(one);
      const by = 'adoption';
      if (want === 'outOfService')
        intents.set(one, { want: 'inService', revision: revision + 1, by, at: ports.clock.wall(), args: [] });
    }
    const wasUnsettled = this.#unsettled.has(tag);
    this.#unsettled.add(tag);
    try {
      await world.setIntents(intents);
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      ports.log.error(
        { event: 'store-failed', tag, error: error.message },
        `${tag} could not be adopted: ${error.message}`,
      );
      return false;
    } finally {
      if (!wasUnsettled) this.#unsettled.delete(tag);
    }
    events.emit({ kind: 'adopted', tag, says });
    ports.log.warn({ event: 'adopted', tag }, says);
    return true;
  }
}

/** In service while its protection is paused. */
export function unprotected(record: StateRecord): StateRecord {
  return record.state === 'ISP' ? { ...record, state: 'ISU' } : record;
}

/** The basis of a try made now; see `basisOf` of the core. */
export function basisOfNow(ports: AgentPorts, world: World, tag: Tag): string {
  const { node } = ports.identity;
  const configuration = world.configuration!;
  const children = configuration.graph.childrenOf(tag).map((child) => [child, world.stateOf(child)] as const);
  const ready = world.readiness.get(tag);
  return basisOf(
    configuration,
    {
      intents: { [tag]: world.intentOf(tag) },
      states: { [node]: Object.fromEntries(children) },
      ...(ready === undefined ? {} : { readiness: { [node]: { [tag]: ready } } }),
    },
    node,
    tag,
  );
}

export function announceState(given: {
  ports: AgentPorts;
  events: Events;
  tag: Tag;
  before: StateRecord;
  after: StateRecord;
}): void {
  const { ports, events, tag, before, after } = given;
  if (before.state === after.state) return;
  events.emit({ kind: 'state-changed', tag, from: before.state, to: after.state, reason: after.reason });
  ports.log.info(
    { event: 'state-changed', tag, from: before.state, to: after.state },
    `${tag} is ${after.state}: ${after.reason}`,
  );
}
