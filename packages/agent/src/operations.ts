import {
  afterStep,
  beforeStep,
  type NewEvent,
  type NodeMode,
  type Plan,
  type Resource,
  type Step,
  type StepId,
  type Tag,
  type UnderWay,
  type View,
  whyNotNow,
  withoutStep,
} from '@holdfast/core';
import {
  Operation,
  type OperationResult,
  performStep,
  type StepEnd,
  type StepOutcome,
} from '@holdfast/engine';
import { announceState, basisOfNow, unprotected } from './checks.ts';
import type { Events } from './events.ts';
import type { AgentPorts } from './ports.ts';
import type { World } from './world.ts';

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  events: Events;
  /** Why nothing may begin any more; undefined while the agent may act. */
  whyNotAct: () => string | undefined;
  /** A node on standby gives away what it has, whatever is wanted. */
  mode: () => NodeMode;
  /** Something came back: what rests on it may be hurt. */
  onRecovered: (tag: Tag) => void;
  onChange: () => void;
  onFault: (error: unknown) => void;
}>;

type Running = Readonly<{
  id: string;
  cause: string;
  begunAt: number;
  operation: Operation;
  finished: Promise<void>;
}>;

/** The operations under way on this node. A resource is in one of them at most. */
export class Operations {
  readonly #given: Given;
  readonly #running = new Map<string, Running>();
  readonly #acting = new Map<Tag, string>();
  /** Of what is described now: a resource that is described anew is another one, to the checks too. */
  readonly #stepsBegun = new WeakMap<Resource, number>();
  #count = 0;

  constructor(given: Given) {
    this.#given = given;
  }

  /** Carries a plan out; the journal has it, with the view that it came from, before anything begins. Answers its id. */
  start(plan: Plan, given: { view: View; cause: string; commands: readonly string[] }): string {
    const { ports } = this.#given;
    this.#count += 1;
    const id = `${ports.identity.session}-${this.#count}`;
    const begunAt = ports.clock.wall();
    const begunMs = ports.clock.now();
    ports.journal.begin({ id, cause: given.cause, at: begunAt, plan, view: given.view });
    const epochs = new Map(plan.steps.map(({ tag }) => [tag, this.#given.world.epochOf(tag)]));
    const operation = new Operation(plan, {
      mayBegin: (step) => this.#whyNot(step, epochs.get(step.tag)),
      perform: (step, signal) => this.#perform(step, epochs.get(step.tag), signal),
      onBegin: (step) => this.#begun(id, step),
      onEnd: (step, end) => this.#ended(id, step, end),
    });
    const finished = Promise.withResolvers<void>();
    this.#running.set(id, { id, cause: given.cause, begunAt, operation, finished: finished.promise });
    this.#given.events.emit({
      kind: 'operation-begun',
      operation: id,
      cause: given.cause,
      commands: [...given.commands],
      steps: plan.steps.map(sayStep),
    });
    ports.log.info(
      { event: 'operation-begun', operation: id, cause: given.cause, steps: plan.steps.length },
      given.cause,
    );
    operation
      .run()
      .then((result) => this.#over(id, result, ports.clock.now() - begunMs))
      .catch((error: unknown) => {
        this.#running.delete(id);
        this.#given.onFault(error);
      })
      .finally(() => finished.resolve());
    return id;
  }

  /** Resources that an operation under way is still to act on. */
  busy(): readonly Tag[] {
    const tags = new Set<Tag>();
    for (const { operation } of this.#running.values()) {
      for (const { id, tag } of operation.plan.steps) if (operation.isOpen(id)) tags.add(tag);
    }
    return [...tags].sort();
  }

  /** A step on it is under way at this moment. */
  isActing(tag: Tag): boolean {
    return this.#acting.has(tag);
  }

  stepsBegun(tag: Tag): number {
    const resource = this.#given.world.resource(tag);
    return resource === undefined ? 0 : (this.#stepsBegun.get(resource) ?? 0);
  }

  /** The operation that acts on a resource, or is still to act on it. */
  operationOn(tag: Tag): UnderWay | undefined {
    for (const { id, cause, operation } of this.#running.values()) {
      if (operation.plan.steps.some((step) => step.tag === tag && operation.isOpen(step.id)))
        return { id, cause };
    }
    return undefined;
  }

  /** The step under way on a resource, for the status. */
  acting(tag: Tag): string | undefined {
    return this.#acting.get(tag);
  }

  list(): readonly Pick<Running, 'id' | 'cause' | 'begunAt'>[] {
    return [...this.#running.values()].map(({ id, cause, begunAt }) => ({ id, cause, begunAt }));
  }

  /** Intents changed: an operation that works against them stops, and the next decision makes a new one. */
  overtake(): void {
    const isAgainst = ({ action, tag }: Step): boolean => this.#isWanted(tag) !== (action !== 'remove');
    for (const { operation } of this.#running.values()) {
      const open = operation.plan.steps.filter(({ id }) => operation.isOpen(id));
      // The remove of a restart works towards what is wanted: a restore of the same resource follows.
      const restarted = new Set(
        operation.plan.steps.filter(({ action }) => action !== 'remove').map(({ tag }) => tag),
      );
      const against = open.filter(
        (step) => isAgainst(step) && !(step.action === 'remove' && restarted.has(step.tag)),
      );
      if (against.length > 0) operation.stop((step) => step.action !== 'remove' && against.includes(step));
    }
  }

  #isWanted(tag: Tag): boolean {
    return this.#given.mode() !== 'standby' && this.#given.world.intentOf(tag).want === 'inService';
  }

  /** Begins nothing more; ends when what is under way has ended. */
  async stop(abort: boolean): Promise<void> {
    for (const { operation } of this.#running.values()) operation.stop(() => abort);
    await Promise.all([...this.#running.values()].map(({ finished }) => finished));
  }

  #whyNot(step: Step, epoch: number | undefined): string | undefined {
    const { world, whyNotAct } = this.#given;
    const cannotAct = whyNotAct();
    if (cannotAct !== undefined) return cannotAct;
    const configuration = world.configuration!;
    if (!configuration.resources.has(step.tag)) return `${step.tag} is no longer described`;
    // A remove that an operator asked for goes on, and so does that of what another node has the claim of; one that makes way
    // for a restart does not.
    const isStranger = world.epochOf(step.tag) === undefined;
    const isAsked = step.action === 'remove' && (isStranger || !this.#isWanted(step.tag));
    if (world.pauses.has(step.tag) && !isAsked) return `protection of ${step.tag} is paused`;
    if (step.action !== 'remove') {
      if (world.epochOf(step.tag) === undefined || world.epochOf(step.tag) !== epoch)
        return 'the claim of its hierarchy changed';
      if (!this.#isWanted(step.tag)) return `${step.tag} is no longer wanted in service`;
    }
    return whyNotNow(configuration, step, (tag) => world.stateOf(tag).state);
  }

  #begun(id: string, step: Step): void {
    this.#acting.set(step.tag, step.action);
    const resource = this.#given.world.resource(step.tag);
    if (resource !== undefined) this.#stepsBegun.set(resource, this.stepsBegun(step.tag) + 1);
    this.#given.events.emit({
      kind: 'step-begun',
      operation: id,
      step: step.id,
      tag: step.tag,
      action: step.action,
    });
    this.#given.ports.log.info(
      { event: 'step-begun', operation: id, tag: step.tag, action: step.action },
      `${step.action} of ${step.tag} begins`,
    );
  }

  async #perform(step: Step, epoch: number | undefined, signal: AbortSignal): Promise<StepOutcome> {
    const { ports, world } = this.#given;
    const { tag, action } = step;
    const resource = world.resource(tag)!;
    const intent = world.intentOf(tag);
    const { policy } = resource;
    world.setState(
      tag,
      beforeStep(world.stateOf(tag), action, policy.localRecovery.within, ports.clock.wall()),
    );
    await world.save();
    // The world went on while that was written: what forbids the step now forbids it as much as before.
    const refusal = signal.aborted ? 'no longer wanted' : this.#whyNot(step, epoch);
    if (refusal !== undefined) {
      world.setState(tag, withoutStep(world.stateOf(tag)));
      await world.save();
      return { result: 'cancelled', evidence: refusal, todo: '', tookMs: 0 };
    }
    const outcome = await performStep(
      ports,
      {
        resource,
        action,
        settings: resource.settings[ports.identity.node] ?? {},
        epoch: world.epochOf(tag) ?? 0,
        args: intent.args,
        budgetMs: policy.timeouts[action] ?? ports.kits.budgetsOf(resource.type)[action],
        checkBudgetMs: policy.quickCheck.timeout,
        whyNotAgain: () => this.#whyNot(step, epoch),
      },
      signal,
    );
    const before = world.stateOf(tag);
    const { result, evidence, todo, finding } = outcome;
    const ended = afterStep({
      record: before,
      action,
      result,
      evidence,
      todo,
      finding,
      at: ports.clock.wall(),
      // The intent under which it began: a command that came meanwhile asks for a new try.
      intentRevision: intent.revision,
      basis: basisOfNow(ports, world, tag),
    });
    const after = world.pauses.has(tag) ? unprotected(ended) : ended;
    world.setState(tag, after);
    announceState({ ports, events: this.#given.events, tag, before, after });
    await world.save();
    if (result === 'done' && action === 'recover') this.#given.onRecovered(tag);
    return outcome;
  }

  async #ended(id: string, step: Step, end: StepEnd): Promise<void> {
    const { ports } = this.#given;
    this.#acting.delete(step.tag);
    const { result, evidence, todo, tookMs } = end;
    this.#given.events.emit({
      kind: 'step-ended',
      operation: id,
      step: step.id,
      tag: step.tag,
      action: step.action,
      result,
      evidence,
      todo,
      tookMs,
    });
    const fields = {
      event: 'step-ended',
      operation: id,
      tag: step.tag,
      action: step.action,
      result,
      evidence,
      tookMs,
    };
    if (result === 'failed') ports.log.error(fields, `${step.action} of ${step.tag} failed: ${evidence}`);
    else ports.log.info(fields, `${step.action} of ${step.tag}: ${result}`);
    this.#given.onChange();
  }

  #over(id: string, result: OperationResult, tookMs: number): void {
    const { ports } = this.#given;
    this.#running.delete(id);
    this.#given.events.emit({ kind: 'operation-ended', operation: id, result, tookMs });
    ports.journal.end(id, result, ports.clock.wall());
    ports.log.info({ event: 'operation-ended', operation: id, result, tookMs }, `operation ${result}`);
    this.#given.onChange();
  }
}

function sayStep({
  id,
  node,
  tag,
  action,
  after,
  because,
}: Step): Extract<NewEvent, { kind: 'operation-begun' }>['steps'][number] {
  return { id, node, tag, action, after: [...after] as StepId[], because };
}
