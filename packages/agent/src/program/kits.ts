import type { NodeName, ResourceType, Tag, TypeName } from '@holdfast/core';
import type { CheckRequest } from '@holdfast/engine';
import { faultInAnswer, type Kit, type KitCall, type Memory, run } from '@holdfast/kit';
import type { Kits, Log } from '../index.ts';

/** The kits of this agent, as the engine calls them: in this process, each answer checked before it is believed. */
export function kitsOf(kits: readonly Kit[], node: NodeName, log: Log): Kits {
  const byType = new Map(kits.map((kit) => [kit.type as TypeName, kit]));
  const memories = new Map<Tag, Memory>();
  const kitOf = (type: TypeName): Kit => {
    const kit = byType.get(type);
    if (kit === undefined) throw new Error(`no kit serves the type ${type}`);
    return kit;
  };
  return {
    types: kits.map(typeOf),
    budgetsOf: (type) => kitOf(type).budgets,
    watchesOf: ({ type, settings }, of) => kitOf(type).watch?.(settings[of]) ?? [],
    act: async (request, signal) => {
      const kit = kitOf(request.type);
      const action = kit[request.action];
      if (action === undefined) throw new Error(`the kit ${kit.type} has no ${request.action}`);
      const answer = believed(request.action, await action(callOf(request, signal)));
      if (request.action === 'remove' && answer.result === 'done') await forget(kit, request.tag);
      return answer;
    },
    preflight: async (request, signal) => {
      const kit = kitOf(request.type);
      return kit.preflight?.(callOf({ ...request, action: 'preflight' }, signal));
    },
    check: async (request, signal) => {
      const kit = kitOf(request.type);
      const action = kit[request.action];
      if (action === undefined) throw new Error(`the kit ${kit.type} has no ${request.action}`);
      const answer = await action(callOf(request, signal));
      return believed(request.action, answer);
    },
  };

  /** What is out is not remembered; a kit that fails at that has lost nothing that its resource needs. */
  async function forget(kit: Kit, tag: Tag): Promise<void> {
    const memory = memories.get(tag);
    memories.delete(tag);
    if (memory === undefined) return;
    await kit
      .close?.(memory)
      .catch((error: unknown) =>
        log.warn({ event: 'kit-close', tag, error: String(error) }, `the kit ${kit.type} could not let go`),
      );
  }

  function memoryOf(tag: Tag): Memory {
    const memory = memories.get(tag) ?? new Map();
    memories.set(tag, memory);
    return memory;
  }

  function callOf(
    request: Omit<CheckRequest, 'action'> & { action: string },
    signal: AbortSignal,
  ): KitCall<unknown> {
    const { tag, settings, epoch, args, budgetMs, action } = request;
    const fields = { tag, action };
    return {
      tag,
      node,
      settings,
      epoch,
      args,
      signal,
      budgetMs,
      memory: memoryOf(tag),
      // A program that a kit forgot to tie to its signal ends with the action all the same.
      run: (argv, options) => run(argv, { signal, ...options }),
      log: {
        debug: (more, says) => log.debug({ ...fields, ...more }, says),
        info: (more, says) => log.info({ ...fields, ...more }, says),
        warn: (more, says) => log.warn({ ...fields, ...more }, says),
      },
    };
  }
}

function typeOf(kit: Kit): ResourceType {
  const { type, settings, identity, restore, remove, quickCheck, deepCheck, recover, preflight } = kit;
  const able = Object.entries({ restore, remove, quickCheck, deepCheck, recover, preflight }).filter(
    ([, action]) => action !== undefined,
  );
  return {
    type: type as TypeName,
    settings,
    identity: (value) => identity(value),
    actions: able.map(([action]) => action as ResourceType['actions'][number]),
  };
}

/** An answer of the wrong form is a fault of the kit, and says nothing about the resource. */
function believed<Answer>(
  action: 'restore' | 'remove' | 'recover' | 'quickCheck' | 'deepCheck',
  answer: Answer,
): Answer {
  const fault = faultInAnswer(action, answer);
  if (fault !== undefined) throw new Error(fault);
  return answer;
}
