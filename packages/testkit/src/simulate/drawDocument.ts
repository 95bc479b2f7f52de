import type { ResourceType, TypeName, WrittenDocument } from '@holdfast/core';
import { z } from 'zod';
import type { Random } from './random.ts';

/** A type whose kit is simulated. */
export function simulatedType({ canRecover }: { canRecover: boolean }): ResourceType {
  return {
    type: (canRecover ? 'repairable' : 'plain') as TypeName,
    settings: z.looseObject({ name: z.string() }),
    identity: (settings) => (settings as { name: string }).name,
    actions: canRecover
      ? ['restore', 'remove', 'quickCheck', 'recover']
      : ['restore', 'remove', 'quickCheck'],
  };
}

/** Some resources that need each other at random, without cycles: each may need only what was drawn before it. */
export function drawDocument(random: Random): WrittenDocument {
  const tags: string[] = [];
  const resources: WrittenDocument['resources'] = {};
  const count = random.between(2, 8);
  for (let index = 0; index < count; index += 1) {
    const tag = `r${index}`;
    const some = (share: number): string[] => tags.filter(() => random.often(share));
    const needs = some(0.3);
    const needsAny = random.often(0.2) ? some(0.5).filter((one) => !needs.includes(one)) : [];
    const after = some(0.1).filter((one) => !needs.includes(one) && !needsAny.includes(one));
    resources[tag] = {
      type: 'plain',
      settings: { name: tag },
      nodes: {},
      needs,
      needsAny,
      after,
      runs: 'one',
    };
    tags.push(tag);
  }
  return { nodes: ['alpha'], resources, hierarchies: {}, quorumLoss: 'drop', notifiers: {} };
}
