import { isInService, isOut, type Tag } from '@holdfast/core';
import type { World } from './world.ts';

/** Whether a resource stands as its intent says. */
export function isAsWanted(world: World, tag: Tag): boolean {
  const { state } = world.stateOf(tag);
  return world.intentOf(tag).want === 'inService' ? isInService(state) : isOut(state);
}
