import type { HierarchyId, NodeName, Tag } from '@holdfast/core';

/** Where things are in the store. A name may hold a slash, so it stands last, or is told apart by its prefix. */
export const keys = {
  configuration: 'configuration',
  configurationOfAny: 'configuration-history/',
  configurationOf: (generation: number) => `configuration-history/${String(generation).padStart(8, '0')}`,
  hierarchies: 'hierarchies',
  sessionsPrefix: 'session/',
  session: (node: NodeName) => `session/${node}`,
  intents: 'intent/',
  intent: (tag: Tag) => `intent/${tag}`,
  states: (node: NodeName) => `state/${node}/`,
  state: (node: NodeName, tag: Tag) => `state/${node}/${tag}`,
  pauses: 'pause/',
  pause: (tag: Tag) => `pause/${tag}`,
  flags: (node: NodeName) => `flag/${node}/`,
  flag: (node: NodeName, flag: string) => `flag/${node}/${flag}`,
  everyFlag: 'flag/',
  everyReadiness: 'readiness/',
  readiness: (node: NodeName) => `readiness/${node}/`,
  readinessOf: (node: NodeName, tag: Tag) => `readiness/${node}/${tag}`,
  /** Where an operator put a hierarchy last, while it has not left there by itself. */
  placements: 'placed/',
  placed: (hierarchy: HierarchyId) => `placed/${hierarchy}`,
  /** Questions to a node from others, and the answers that it gets to its own. */
  asks: (node: NodeName) => `ask/${node}/`,
  ask: (node: NodeName, id: string) => `ask/${node}/${id}`,
  answers: (node: NodeName) => `answer/${node}/`,
  answer: (node: NodeName, id: string) => `answer/${node}/${id}`,
  everyState: 'state/',
  /** How a node of a cluster stands to its hierarchies, in one life of its agent. */
  modes: 'mode/',
  mode: (node: NodeName) => `mode/${node}`,
  requests: 'request/',
  request: (hierarchy: HierarchyId) => `request/${hierarchy}`,
  failures: 'failed/',
  failure: (node: NodeName, hierarchy: HierarchyId) => `failed/${node}/${hierarchy}`,
  /** Rewritten by its node when an outcome is not known: what was sent before it can then no longer be committed. */
  turn: (node: NodeName) => `turn/${node}`,
  claims: 'claim/',
  claim: (hierarchy: HierarchyId) => `claim/${hierarchy}`,
} as const;
