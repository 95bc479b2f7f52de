import type { HierarchyId, NodeName, Tag } from '@holdfast/core';

/** Where things are in the store. A name may hold a slash, so it stands last, or is told apart by its prefix. */
export const keys = {
  configuration: 'configuration',
  configurationOfAny: 'configuration-history/',
  configurationOf: (generation: number) => `configuration-history/${String(generation).padStart(8, '0')}`,
  hierarchies: 'hierarchies',
  session: (node: NodeName) => `session/${node}`,
  intents: 'intent/',
  intent: (tag: Tag) => `intent/${tag}`,
  states: (node: NodeName) => `state/${node}/`,
  state: (node: NodeName, tag: Tag) => `state/${node}/${tag}`,
  pauses: 'pause/',
  pause: (tag: Tag) => `pause/${tag}`,
  flags: (node: NodeName) => `flag/${node}/`,
  flag: (node: NodeName, flag: string) => `flag/${node}/${flag}`,
  claims: 'claim/',
  claim: (hierarchy: HierarchyId) => `claim/${hierarchy}`,
} as const;
