import type { NodeName, Resource, ResourceType, Settings, TypeName } from '@holdfast/core';
import type { ActRequest, CheckRequest } from '@holdfast/engine';
import {
  type AbortStep,
  type Budgets,
  type CheckResult,
  failed,
  found as finding,
  type KitRefusal,
  type Outcome,
  type Readiness,
  type Watch,
} from '@holdfast/kit';
import type { KitReport, Kits } from '../../index.ts';
import { type Asked, askedIn } from './askedIn.ts';
import type { Described, KitHost, PreflightRequest } from './kitHost.ts';
import { acceptKept, answering, unheard } from './resourceTypes.ts';

/** A kit that was named and not loaded. */
export type RefusedKit = Readonly<{
  name: string;
  thread: 'agent' | 'own';
  type?: string;
  refusals: readonly KitRefusal[];
}>;

const budgetsOfNobody: Budgets = { restore: 60_000, remove: 60_000, recover: 60_000, quickCheck: 10_000 };

/** The kits of this agent, as the engine calls them: by type, wherever each of them lives. */
export class KitTable implements Kits {
  readonly #hosts = new Map<TypeName, KitHost>();
  readonly #refused = new Map<string, RefusedKit>();
  readonly #order: readonly string[];
  readonly #retry: () => Promise<void>;
  /** What its kit says of the settings of each resource; gone with the configuration that holds them. */
  readonly #known = new WeakMap<Settings, Extract<Described, { ok: true }>>();

  constructor(given: { order: readonly string[]; retry: () => Promise<void> }) {
    this.#order = given.order;
    this.#retry = given.retry;
  }

  add(host: KitHost): void {
    this.#hosts.set(host.facts.type as TypeName, host);
    this.#refused.delete(host.name);
  }

  refuse(kit: RefusedKit): void {
    this.#refused.set(kit.name, kit);
  }

  hostOf(type: string): KitHost | undefined {
    return this.#hosts.get(type as TypeName);
  }

  async typesFor(document: unknown, kept: unknown): Promise<readonly ResourceType[]> {
    const loaded = [...this.#hosts.values()].map(({ facts }) => facts.type);
    const inForce = askedIn(kept);
    const asked = askedIn(document);
    const named = new Set([...loaded, ...inForce.keys()]);
    return Promise.all([...named].map((type) => this.#typeFor(type, asked.get(type), inForce.get(type))));
  }

  async #typeFor(type: string, asked: Asked = new Map(), inForce: Asked = new Map()): Promise<ResourceType> {
    const host = this.hostOf(type);
    const remember = (one: Extract<Described, { ok: true }>): Settings => {
      this.#known.set(one.settings, one);
      return one.settings;
    };
    if (host === undefined) return unheard(type, acceptKept(inForce, this.#whyNoKit(type)));
    try {
      const described = asked.size === 0 ? [] : await host.describe([...asked.values()]);
      const answers = new Map([...asked.keys()].map((key, at) => [key, described[at]!]));
      return answering(host.facts, answers, remember);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return unheard(type, acceptKept(inForce, `the kit ${host.name} cannot look at it: ${error.message}`));
    }
  }

  budgetsOf(type: TypeName): Budgets {
    return this.#hosts.get(type)?.facts.budgets ?? budgetsOfNobody;
  }

  /** A type that nobody serves may be one of those. */
  readonly isExclusive = (type: TypeName): boolean => this.#hosts.get(type)?.facts.isExclusive ?? true;

  watchesOf({ settings }: Resource, of: NodeName): readonly Watch[] {
    const own = settings[of];
    return (own === undefined ? undefined : this.#known.get(own)?.watches) ?? [];
  }

  served(): ReturnType<Kits['served']> {
    return [...this.#hosts].map(([type, { facts }]) => ({ type, actions: facts.actions }));
  }

  reports(): readonly KitReport[] {
    const hosts = new Map([...this.#hosts.values()].map((host) => [host.name, host]));
    return this.#order.flatMap((name): KitReport[] => {
      const refused = this.#refused.get(name);
      if (refused !== undefined) return [reportRefused(refused)];
      const host = hosts.get(name);
      if (host === undefined) return [];
      const { thread, facts } = host;
      const broken = host.whyBroken();
      const state = broken === undefined ? 'loaded' : 'broken';
      return [{ name, type: facts.type, thread, state, says: broken ?? facts.summary }];
    });
  }

  async act(request: ActRequest, signal: AbortSignal): Promise<Outcome> {
    const ready = await this.#ready(request.type, request.settings);
    if (ready.ok) return ready.host.act({ ...request, settings: ready.settings }, signal);
    return failed(`${request.action} of ${request.tag} cannot be done: ${ready.why}`, ready.todo);
  }

  async check(request: CheckRequest, signal: AbortSignal): Promise<CheckResult> {
    const ready = await this.#ready(request.type, request.settings);
    if (ready.ok) return ready.host.check({ ...request, settings: ready.settings }, signal);
    return finding('unknown', ready.why, [{ code: 'KIT_MISSING', says: ready.why }]);
  }

  readonly preflight = async (
    request: PreflightRequest,
    signal: AbortSignal,
  ): Promise<Readiness | undefined> => {
    const ready = await this.#ready(request.type, request.settings);
    if (!ready.ok) return { ready: false, evidence: ready.why, todo: ready.todo, rank: 0, warnings: [] };
    if (!ready.host.facts.actions.includes('preflight')) return undefined;
    return ready.host.preflight({ ...request, settings: ready.settings }, signal);
  };

  readonly abort = async (
    request: PreflightRequest,
    signal: AbortSignal,
  ): Promise<readonly AbortStep[] | undefined> => {
    const ready = await this.#ready(request.type, request.settings);
    if (!ready.ok || !ready.host.facts.actions.includes('abort')) return undefined;
    return ready.host.abort({ ...request, settings: ready.settings }, signal);
  };

  async close(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
  }

  /** The kit of a type, with settings that it has looked at: those that were taken unseen are shown to it now. */
  async #ready(
    type: TypeName,
    settings: Settings,
  ): Promise<
    | Readonly<{ ok: true; host: KitHost; settings: Settings }>
    | Readonly<{ ok: false; why: string; todo: string }>
  > {
    if (this.hostOf(type) === undefined) await this.#retry();
    const host = this.hostOf(type);
    if (host === undefined)
      return { ok: false, why: this.#whyNoKit(type), todo: 'load the kit: see the kits in holdfast status' };
    const known = this.#known.get(settings);
    if (known !== undefined) return { ok: true, host, settings: known.settings };
    try {
      const [described] = await host.describe([settings]);
      if (described?.ok === true) {
        this.#known.set(settings, described);
        return { ok: true, host, settings: described.settings };
      }
      const issues =
        described?.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()) ?? [];
      const todo = 'correct the settings, and apply the document again';
      return { ok: false, why: `the kit ${host.name} refuses its settings: ${issues.join('; ')}`, todo };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return {
        ok: false,
        why: `the kit ${host.name} cannot look at its settings: ${error.message}`,
        todo: `see the log for what is wrong with the kit ${host.name}`,
      };
    }
  }

  #whyNoKit(type: string): string {
    const refused = [...this.#refused.values()].filter((kit) => kit.type === undefined || kit.type === type);
    const says = refused.map(
      ({ name, refusals }) => `${name} was refused: ${refusals.map(({ why }) => why).join('; ')}`,
    );
    return [`no kit serves the type ${type}`, ...says].join('; ');
  }
}

function reportRefused({ name, thread, type, refusals }: RefusedKit): KitReport {
  const says = refusals.map(({ what, why }) => `${what}: ${why}`).join('; ');
  const todo = refusals.map((refusal) => refusal.todo).join('; ');
  return { name, thread, state: 'refused', says, todo, ...(type === undefined ? {} : { type }) };
}
