import { askOnce, type KitCall, listPids, readProcess } from '@holdfast/kit';
import { Endings } from './endings.ts';
import { findHolders } from './findHolders.ts';
import { findStays } from './findStays.ts';
import { hide, show } from './hide.ts';
import { look, type Sight } from './look.ts';
import { type Mount, sayMount } from './readMounts.ts';
import type { Settings } from './settings.ts';
import { targetsOf } from './targetsOf.ts';
import { unmount, unmountIn } from './unmount.ts';

/** Politely at first: so long of the budget goes to those who clean up when they are told to end. */
const politePart = 1 / 3;
const politeMaxMs = 10_000;
/** What nothing of ours can end may be on its way out by itself; so long it is waited for. */
const patienceMs = 1_000;

export type Released = Readonly<{
  /** Nothing of it is mounted any more, in no namespace. */
  isOut: boolean;
  /** Who held it, and what still does. */
  says: string;
}>;

/**
 * Unmounts, deepest first, and ends those who are in the way until it succeeds or the time is over: TERM, then KILL.
 * Looks for them anew in each round, as one may start another. Never lazily: a lazy unmount only hides it from this
 * node, while open files go on writing to a disk that another node mounts.
 */
export async function release(call: KitCall<Settings>, first: Sight): Promise<Released> {
  const { settings, budgetMs, signal } = call;
  const begunAt = performance.now();
  // A program that hangs is given up a second after its own time.
  const endsAt = begunAt + budgetMs - Math.min(1_500, budgetMs / 4);
  const politeUntil = begunAt + Math.min(budgetMs * politePart, politeMaxMs);
  const leftMs = (): number => Math.max(endsAt - performance.now(), 50);
  const isSame = sameThing(first);
  // Who works on it elsewhere was not let in by us: a wrong device in the settings must not cost them their work.
  const endings = new Endings(call, targetsOf(first).isAtHome);
  let stuckSince: number | undefined;

  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const isPolite = performance.now() < politeUntil;
    const refused = await unmountAll(call, { withinMs: leftMs(), isPolite });
    const sight = await look(call);
    const targets = targetsOf(sight);
    const held = await findHolders(targets.all, isSame, { listPids, readProcess, askOnce });
    if (targets.all.length === 0 && held.foreign.length === 0) return { isOut: true, says: endings.say() };

    const isEnding = await endings.tell(held.holders, isPolite ? 'SIGTERM' : 'SIGKILL');
    const isUnmounting = settings.unmountOthers && held.foreign.length > 0;
    if (isUnmounting) for (const each of held.foreign) await unmountIn(call, each, leftMs());
    // Whoever enters it anew as fast as others are ended is led astray: the place is empty then.
    if (endings.areRespawning) await hide(call, sight);
    stuckSince = isEnding || isUnmounting ? undefined : (stuckSince ?? performance.now());
    const isStuck = stuckSince !== undefined && performance.now() - stuckSince > patienceMs;
    if (isStuck || signal.aborted || performance.now() > endsAt) {
      const stays = await findStays(call, targets.all);
      await show(call, sight.place);
      return { isOut: false, says: [refused, ...endings.sayStill(held), ...stays].join('; ') };
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Tries each once; what one of them said that could not be unmounted. */
async function unmountAll(
  call: KitCall<Settings>,
  limits: Readonly<{ withinMs: number; isPolite: boolean }>,
): Promise<string> {
  const sight = await look(call);
  let refused = 'nothing refused to be unmounted';
  for (const mount of targetsOf(sight).all) {
    const outcome = await unmount(call, mount, {
      withinMs: limits.withinMs,
      mayForce: sight.kind === 'network' && !limits.isPolite,
    });
    if (outcome.ok) continue;
    refused = `${sayMount(mount)}: ${outcome.says}`;
    // It waits in the kernel, and the next one would too.
    if (outcome.ending === 'budget') break;
  }
  return refused;
}

/** Tells the resource in the namespaces of others, also when it is no longer mounted in our own. */
function sameThing(sight: Sight): (mount: Mount) => boolean {
  const { kind, source, own } = { ...sight, own: targetsOf(sight).own };
  const numbers = new Set(own.map(({ device }) => device));
  if (kind === 'block' && typeof source !== 'string' && source.number !== undefined)
    numbers.add(source.number);
  switch (kind) {
    case 'block':
    case 'memory':
      return ({ device }) => numbers.has(device);
    case 'folder':
    case 'network':
      // Other mounts share the number; of ours there is a copy only at the same place.
      return ({ device, root, mountPoint }) =>
        own.some((one) => one.device === device && one.root === root && one.mountPoint === mountPoint);
  }
}
