import type { Claim, Configuration, Intent, Tag } from '@holdfast/core';
import type { ActRequest } from '@holdfast/engine';
import type { MemoryDisk } from './memoryStore.ts';
import type { SimulatedNode } from './simulatedNode.ts';

type Given = Readonly<{
  configuration: Configuration;
  node: SimulatedNode;
  disk: MemoryDisk;
  boot: () => string;
}>;

/**
 * What must hold whenever the engine touches a resource, judged by how the world really is and what the store really
 * holds, not by what the agent believes. Says what is broken; nothing when all holds.
 */
export function brokenByStep(
  { configuration, node, disk, boot }: Given,
  { tag, action, epoch }: ActRequest,
): string[] {
  const { graph } = configuration;
  const broken: string[] = [];
  const { acting } = node.of(tag);
  if (acting !== undefined) broken.push(`${action} of ${tag} begins while its ${acting} is under way`);

  if (action === 'remove') {
    for (const parent of graph.parentsOf(tag)) {
      const { running, surprise } = node.of(parent);
      if (!running || surprise || hasOther(parent)) continue;
      broken.push(`invariant 2: ${tag} is removed while ${parent}, which needs it, runs`);
    }
    return broken;
  }

  const lacking = graph.needsOf(tag).filter((child) => !isThere(child));
  for (const child of lacking)
    broken.push(`invariant 2: ${tag} gets ${action} while ${child}, which it needs, is not in service`);
  const any = graph.needsAnyOf(tag);
  if (any.length > 0 && !any.some(isThere))
    broken.push(`invariant 2: ${tag} gets ${action} while none of ${any.join(', ')} is in service`);
  const intent = disk.valueOf(`intent/${tag}`) as Intent | undefined;
  if (intent?.want !== 'inService')
    broken.push(`invariant 8: ${tag} gets ${action} though it is wanted out of service`);
  if (isPaused(tag)) broken.push(`invariant 8: ${tag} gets ${action} though it is paused`);
  const claim = claimOf(tag);
  if (claim === undefined || claim.clean || claim.epoch !== epoch || claim.boot !== boot()) {
    broken.push(
      `invariant 3: ${action} of ${tag} begins under epoch ${epoch}, and the claim is ${JSON.stringify(claim)}`,
    );
  }
  return broken;

  /** It serves, or it broke a moment ago and nobody could know. */
  function isThere(child: Tag): boolean {
    return node.serves(child) || node.of(child).surprise || isPaused(child);
  }

  /** It needs any of a list, and loses nothing: what goes did not serve, or another of the list does. */
  function hasOther(parent: Tag): boolean {
    if (graph.needsOf(parent).includes(tag)) return false;
    return !node.serves(tag) || graph.needsAnyOf(parent).some((child) => child !== tag && isThere(child));
  }

  /** What is paused counts as in service, and nobody looks whether it is. */
  function isPaused(one: Tag): boolean {
    return disk.valueOf(`pause/${one}`) !== undefined;
  }

  function claimOf(one: Tag): Claim | undefined {
    const hierarchies = disk.valueOf('hierarchies') as { id: string; tags: string[] }[];
    const id = hierarchies.find(({ tags }) => tags.includes(one))?.id;
    return disk.valueOf(`claim/${id}`) as Claim | undefined;
  }
}

/** No intent that was acknowledged may be lost, whatever died since; only adoption may go beyond it. */
export function brokenIntents(
  { configuration, disk }: Given,
  wanted: ReadonlyMap<Tag, Intent['want']>,
): string[] {
  return [...configuration.resources.keys()].flatMap((tag) => {
    const intent = disk.valueOf(`intent/${tag}`) as Intent | undefined;
    const kept = intent?.want ?? 'outOfService';
    const acknowledged = wanted.get(tag) ?? 'outOfService';
    if (kept === acknowledged || intent?.by === 'adoption') return [];
    return [`invariant 6: ${tag} was asked to be ${acknowledged}, and the store says ${kept}`];
  });
}

/** What must hold at the end, when faults have stopped and time enough has passed. */
export function brokenAtTheEnd({ configuration, node, disk }: Given): string[] {
  const broken: string[] = [];
  for (const tag of configuration.resources.keys()) {
    const intent = (disk.valueOf(`intent/${tag}`) as Intent | undefined)?.want ?? 'outOfService';
    if (intent === 'inService' && !node.serves(tag))
      broken.push(`invariant 5: ${tag} should be in service and is not`);
    if (intent === 'outOfService' && node.of(tag).running)
      broken.push(`${tag} should be out of service and runs`);
  }
  return broken;
}
