import {
  decide,
  isOut,
  type NodeMode,
  ok,
  type Plan,
  type Problem,
  type Result,
  refuse,
  type StopAnswer,
  type stopRequest,
  type View,
} from '@holdfast/core';
import type { z } from 'zod';
import type { Events } from './events.ts';
import { keys } from './keys.ts';
import type { Operations } from './operations.ts';
import type { AgentPorts } from './ports.ts';
import type { World } from './world.ts';

/** The flag by which an orderly stop of its node lets other nodes take what it takes down. */
const shutdownSwitchover = 'shutdown_switchover';

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  events: Events;
  operations: Operations;
  view: () => View;
  stop: () => Promise<void>;
  isInCluster: boolean;
  onChange: () => void;
}>;

/**
 * How an agent is told to stop. With its services left up it stops at once. With its services taken down, its node is
 * on standby until nothing runs, or nothing more would go: intents stay, so the next agent brings all of it back.
 */
export class Leaving {
  readonly #given: Given;
  #services: 'leave' | 'takeDown' | undefined;
  #by = '';
  #switchover = false;

  constructor(given: Given) {
    this.#given = given;
  }

  get mode(): NodeMode {
    return this.#services === 'takeDown' ? 'standby' : 'active';
  }

  /** What is taken down waits for this node, unless it was said that it may go elsewhere. */
  get keepsItsOwn(): boolean {
    return this.#given.isInCluster && this.#services === 'takeDown' && !this.#switchover;
  }

  /** What operations are for while services are taken down. */
  get cause(): string | undefined {
    return this.#services === 'takeDown' ? `the agent is stopped by ${this.#by}` : undefined;
  }

  get says(): string {
    return this.#services === 'takeDown'
      ? 'the agent stops; its services were taken down'
      : 'the agent stops; services stay as they are';
  }

  /** Takes the request; the loop carries it out. A dry run answers what would be taken down. */
  request({ services, switchover, dryRun, by }: z.output<typeof stopRequest>): Result<StopAnswer> {
    const { ports, world, events, operations, onChange, isInCluster } = this.#given;
    // Nobody would let go of them when the right to act ends, and another node would take over beside them.
    if (isInCluster && services === 'leave') return refuse(cannotLeave(ports.identity.node));
    const answer = { fromEvent: events.next, plan: this.#planOf(services) };
    if (dryRun) return ok(answer);
    this.#services = services;
    this.#by = by;
    // LifeKeeper's shutdown strategy, where nobody says otherwise.
    this.#switchover = switchover ?? world.flags.has(shutdownSwitchover);
    if (isInCluster)
      void world
        .write([{ key: keys.mode(ports.identity.node), value: { mode: 'standby' } }])
        .catch((error: unknown) =>
          ports.log.error(
            { event: 'store-failed', error: String(error) },
            'the others are not told of the stop',
          ),
        );
    ports.log.warn({ event: 'stop-requested', services, by }, `${by} stops the agent: ${services}`);
    // What is on its way up is not to come any more.
    if (services === 'takeDown') operations.overtake();
    else void this.#given.stop();
    onChange();
    return ok(answer);
  }

  /** After each decision: once nothing is left to take down, or nothing more would go, the agent stops. */
  look(plans: readonly Plan[]): void {
    if (this.#services !== 'takeDown') return;
    const isBusy = this.#given.view().busy.length > 0 || this.#given.operations.list().length > 0;
    if (isBusy || plans.length > 0) return;
    void this.#given.stop();
  }

  /** What may still run here, for who asked for it to be taken down. */
  left(): { tag: string; state: string; says: string }[] {
    const { world } = this.#given;
    return [...(world.configuration?.resources.keys() ?? [])].flatMap((tag) => {
      const { state, reason, failure } = world.stateOf(tag);
      return isOut(state) ? [] : [{ tag, state, says: failure?.evidence ?? reason }];
    });
  }

  #planOf(services: 'leave' | 'takeDown'): StopAnswer['plan'] {
    const { configuration } = this.#given.world;
    if (services === 'leave' || configuration === undefined) return { steps: [], notes: [] };
    const view = this.#given.view();
    const here = { ...view.nodes[view.node]!, mode: 'standby' as const };
    const decision = decide(configuration, { ...view, nodes: { ...view.nodes, [view.node]: here } });
    return {
      steps: decision.plans.flatMap(({ steps }) =>
        steps.map((step) => ({ ...step, after: [...step.after] })),
      ),
      notes: [...decision.blocked],
    };
  }
}

function cannotLeave(node: string): Problem {
  return {
    code: 'IN_CLUSTER',
    path: node,
    what: `The agent of ${node} cannot leave its services up`,
    why: 'in a cluster the right to run them ends with its agent, and another node would run them beside it',
    todo: 'take them down with it, or move them to another node first',
  };
}
