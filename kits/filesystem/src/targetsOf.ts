import { fileURLToPath } from 'node:url';
import { hiddenPlace } from './hiddenPlace.ts';
import type { Sight } from './look.ts';
import { type Mount, mountOf, sayMount, withAllAbove } from './readMounts.ts';

/** What must be unmounted for the resource to be out. */
export type Targets = Readonly<{
  /** Mounts of the resource itself, at its place and at others. */
  own: readonly Mount[];
  /** These, and what stands on them; what must go first stands first. */
  all: readonly Mount[];
  /** Those of `all` that an operator may want left alone. */
  others: readonly Mount[];
  /** It is mounted where it belongs, so that it is in service or was. */
  isAtHome: boolean;
}>;

export function targetsOf({ top, isOurs, elsewhere, mounts, place }: Sight): Targets {
  const atPlace = isOurs && top !== undefined ? [top] : [];
  // Its own place goes last: as long as it is mounted there, a remove that is tried again knows that it is ours.
  const others = withAllAbove(elsewhere, mounts);
  const ownTree = withAllAbove(atPlace, mounts).filter((mount) => !others.includes(mount));
  const all = [...others, ...ownTree];
  const isAtHome = isOurs || elsewhere.some(({ mountPoint }) => mountPoint === hiddenPlace(place));
  return {
    own: [...atPlace, ...elsewhere],
    all,
    others: all.filter((mount) => !atPlace.includes(mount)),
    isAtHome,
  };
}

/** A mount that no remove may touch, whatever the settings say: in words, undefined when there is none. */
export function refusal({ all }: Targets, { place, isOurs, top, mounts }: Sight): string | undefined {
  // Without it nothing could be repaired: a wrong device in the settings must not take the node down.
  const ground = new Set(
    ['/', process.execPath, fileURLToPath(import.meta.url)].map((path) => mountOf(path, mounts)?.id),
  );
  const system = all.find(({ id }) => ground.has(id));
  if (system !== undefined) return `${sayMount(system)} is what this node runs from`;
  const stranger = isOurs
    ? undefined
    : all.find(({ mountPoint, id }) => mountPoint === place && id === top?.id);
  return stranger === undefined
    ? undefined
    : `${sayMount(stranger)} is mounted over it, and is somebody else's`;
}
