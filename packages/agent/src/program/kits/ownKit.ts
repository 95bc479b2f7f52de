import type { NodeName } from '@holdfast/core';
import type { Kit } from '@holdfast/kit';
import type { Log } from '../../index.ts';
import { believed, believedAbort } from './believed.ts';
import { factsOf } from './factsOf.ts';
import { KitCalls } from './kitCalls.ts';
import type { KitHost } from './kitHost.ts';

/** A kit in the agent's own thread: one that is part of Holdfast, or that the operator trusts as much. */
export function ownKit(given: { name: string; kit: Kit; node: NodeName; log: Log }): KitHost {
  const { name, kit, node, log } = given;
  const calls = new KitCalls({
    kit,
    node,
    log: ({ tag, action }) => ({
      debug: (more, says) => log.debug({ tag, action, ...more }, says),
      info: (more, says) => log.info({ tag, action, ...more }, says),
      warn: (more, says) => log.warn({ tag, action, ...more }, says),
    }),
  });
  return {
    name,
    thread: 'agent',
    facts: factsOf(kit),
    describe: async (inputs) => inputs.map((input) => calls.describe(input)),
    act: async (request, signal) => believed(request.action, await calls.call(request, signal)),
    check: async (request, signal) => believed(request.action, await calls.call(request, signal)),
    preflight: async (request, signal) =>
      believed('preflight', await calls.call({ ...request, action: 'preflight' }, signal)),
    abort: async (request, signal) =>
      believedAbort(await calls.call({ ...request, action: 'abort' }, signal)),
    whyBroken: () => undefined,
    close: () => calls.close(),
  };
}
