import type { NodeName, ResourceType, TypeName } from '@holdfast/core';
import type { ActRequest, CheckRequest } from '@holdfast/engine';
import { type Kit, type KitCall, run } from '@holdfast/kit';
import { z } from 'zod';
import type { Kits, Log } from '../index.ts';

const outcome = z.union([
  z.object({ result: z.literal('done'), evidence: z.string() }),
  z.object({ result: z.literal('failed'), evidence: z.string().min(1), todo: z.string() }),
]);
const checkResult = z.object({
  finding: z.enum(['in-service', 'out-of-service', 'degraded', 'failed', 'timeout', 'unknown']),
  evidence: z.string(),
  conditions: z.array(z.object({ code: z.string(), says: z.string() })).default([]),
});

/** The kits of this agent, as the engine calls them: in this process, each answer checked before it is believed. */
export function kitsOf(kits: readonly Kit[], node: NodeName, log: Log): Kits {
  const byType = new Map(kits.map((kit) => [kit.type as TypeName, kit]));
  const kitOf = (type: TypeName): Kit => {
    const kit = byType.get(type);
    if (kit === undefined) throw new Error(`no kit serves the type ${type}`);
    return kit;
  };
  return {
    types: kits.map(typeOf),
    budgetsOf: (type) => kitOf(type).budgets,
    act: async (request, signal) => {
      const kit = kitOf(request.type);
      const action = kit[request.action];
      if (action === undefined) throw new Error(`the kit ${kit.type} has no ${request.action}`);
      return outcome.parse(await action(callOf(request, signal)));
    },
    check: async (request, signal) => {
      const kit = kitOf(request.type);
      const action = kit[request.action];
      if (action === undefined) throw new Error(`the kit ${kit.type} has no ${request.action}`);
      return checkResult.parse(await action(callOf(request, signal)));
    },
  };

  function callOf(request: ActRequest | CheckRequest, signal: AbortSignal): KitCall<unknown> {
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
  const { type, settings, identity, restore, remove, quickCheck, deepCheck, recover } = kit;
  const able = Object.entries({ restore, remove, quickCheck, deepCheck, recover }).filter(
    ([, action]) => action !== undefined,
  );
  return {
    type: type as TypeName,
    settings,
    identity: (value) => identity(value),
    actions: able.map(([action]) => action as ResourceType['actions'][number]),
  };
}
