import type { Clock } from '@holdfast/engine';
import { type Agent, type Identity, type KeptQueue, type Log, Notifiers } from '../../index.ts';
import { systemChance } from '../systemClock.ts';
import { keptQueue } from './keptQueue.ts';
import { senderOf } from './senderOf.ts';

/** All who are told, with real ways to them. They begin to be told with `begin`. */
export function openNotifiers(
  agent: Agent,
  given: { identity: Identity; clock: Clock; log: Log; folder: string },
): Notifiers {
  const { identity, clock, log, folder } = given;
  const kept = new Map<string, KeptQueue>();
  return new Notifiers(agent, {
    node: identity.node,
    session: identity.session,
    clock,
    chance: systemChance,
    log,
    sayAt: (at) => new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC'),
    senderOf: (settings) => senderOf(settings, { version: identity.version }),
    keptOf: (name) => {
      const found = kept.get(name) ?? keptQueue(folder, name, log);
      kept.set(name, found);
      return found;
    },
  });
}
