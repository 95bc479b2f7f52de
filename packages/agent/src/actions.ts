import {
  type ActionAnswer,
  type actionRequest,
  type NodeName,
  ok,
  type Problem,
  type Resource,
  type Result,
  reason,
  refuse,
  stepId,
  type Tag,
  unknownResource,
  type View,
} from '@holdfast/core';
import type { z } from 'zod';
import { askPreflight, type Preflight, preflightBudgetMs } from './askPreflight.ts';
import type { Operations } from './operations.ts';
import type { AgentPorts } from './ports.ts';
import type { World } from './world.ts';

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  operations: Operations;
  nextEvent: () => number;
  busy: () => readonly Tag[];
  view: () => View;
  /** What was found is news for who decides as well. */
  onPreflight: (tag: Tag, preflight: Preflight) => Promise<void>;
}>;
type Request = z.output<typeof actionRequest>;

/** Actions of kits that are no commands and no checks, on one resource and nothing around it. */
export class Actions {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  async perform(request: Request): Promise<Result<ActionAnswer>> {
    const { configuration } = this.#given.world;
    const resource = configuration?.resources.get(request.tag as Tag);
    if (configuration === undefined || resource === undefined) {
      const known = configuration ?? { resources: new Map<Tag, Resource>() };
      return refuse(unknownResource(known, request.tag));
    }
    const isAble = (resource.actions as readonly string[]).includes(request.action);
    if (isAble && request.action === 'recover') return this.#recover(resource, request);
    if (isAble && request.action === 'preflight') return this.#preflight(resource, request);
    return refuse(unknownAction(resource, request.action));
  }

  /** An operation like any other: in the journal, with its claim and its state, and no second one beside it. */
  #recover({ tag }: Resource, { by }: Request): Result<ActionAnswer> {
    const { ports, world, operations, nextEvent, busy, view } = this.#given;
    if (busy().includes(tag)) return refuse(isBusy(tag, operations.acting(tag)));
    if (world.intentOf(tag).want !== 'inService')
      return refuse(isOutOfService(tag, world.stateOf(tag).state));
    const node: NodeName = ports.identity.node;
    const action = 'recover' as const;
    const step = {
      id: stepId({ node, tag, action }),
      node,
      tag,
      action,
      after: [],
      because: reason('requested', `${by} asks for it`),
    };
    const from = view();
    const plan = { goal: { kind: 'as-wanted' as const }, basedOn: from.basedOn, steps: [step], notes: [] };
    const fromEvent = nextEvent();
    const operation = operations.start(plan, {
      view: from,
      cause: `recover of ${tag} by ${by}`,
      commands: [],
    });
    return ok({ kind: 'operation', operation, fromEvent });
  }

  async #preflight(resource: Resource, { args }: Request): Promise<Result<ActionAnswer>> {
    const { ports, world, onPreflight } = this.#given;
    const { tag } = resource;
    const found = await askPreflight(ports, resource, { epoch: world.epochOf(tag) ?? 0, args });
    if (found.kind === 'none') return refuse(unknownAction(resource, 'preflight'));
    if (found.kind === 'no-answer') return refuse(noAnswer(resource));
    await onPreflight(tag, found);
    const { readiness, tookMs } = found;
    return ok({ kind: 'readiness', ...readiness, warnings: [...readiness.warnings], tookMs });
  }
}

function unknownAction({ tag, type, actions }: Resource, action: string): Problem {
  return {
    code: 'UNKNOWN_ACTION',
    path: tag,
    what: `${tag} has no action ${action}`,
    why: `the kit ${type} has ${actions.join(', ')}`,
    todo: 'name one of these',
  };
}

function isBusy(tag: Tag, acting: string | undefined): Problem {
  return {
    code: 'BUSY',
    path: tag,
    what: `${tag} cannot be recovered now`,
    why: acting === undefined ? 'an operation is about to act on it' : `its ${acting} is under way`,
    todo: 'see how that ends: holdfast status',
  };
}

function isOutOfService(tag: Tag, state: string): Problem {
  return {
    code: 'NOT_WANTED_IN_SERVICE',
    path: tag,
    what: `${tag} cannot be recovered`,
    why: `it is ${state}, and nobody wants it in service`,
    todo: `bring it into service: perform_action -t ${tag} -a restore`,
  };
}

function noAnswer({ tag, type }: Resource): Problem {
  return {
    code: 'KIT_FAULT',
    path: tag,
    what: `The preflight of ${tag} gave no answer`,
    why: `it threw, or was not over within ${preflightBudgetMs / 1000} s`,
    todo: `this is a fault in the kit ${type}; see the log of the agent`,
  };
}
