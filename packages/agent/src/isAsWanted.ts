import { isInService, isOut, type NodeName, type Tag } from '@holdfast/core';
import type { World } from './world.ts';

/** Whether a resource stands as its intent says: on the node that was asked for, where one was, else wherever its owner is. */
export function isAsWanted(world: World, tag: Tag, on?: NodeName): boolean {
  const elsewhere = world.statesElsewhere(tag);
  if (world.intentOf(tag).want === 'outOfService')
    return isOut(world.stateOf(tag).state) && !elsewhere.some(({ record }) => isInService(record.state));
  const node = on ?? world.ownerOf(tag);
  const there = elsewhere.find((one) => one.node === node)?.record;
  return isInService((there ?? world.stateOf(tag)).state);
}
