import type { AgentAction } from './callAgent.ts';
import type { Metadata } from './readMetadata.ts';
import type { Settings } from './settings.ts';

const otherwiseMs = {
  start: 60_000,
  stop: 60_000,
  monitor: 20_000,
  'validate-all': 20_000,
  'meta-data': 5_000,
};

/** How long an action of the agent may take: as set, else as the agent advises, else as others advise. */
export function limitOf(action: AgentAction, metadata: Metadata, settings: Settings): number {
  const set = {
    start: settings.startSeconds,
    stop: settings.stopSeconds,
    monitor: settings.monitorSeconds,
    'validate-all': undefined,
    'meta-data': undefined,
  }[action];
  if (set !== undefined) return set * 1_000;
  return findAction(action, metadata)?.timeoutMs ?? otherwiseMs[action];
}

export function intervalOf(metadata: Metadata): number {
  return findAction('monitor', metadata)?.intervalMs || 10_000;
}

/** The deepest monitor that the agent tells of. */
export function deepestLevel(metadata: Metadata): number {
  return Math.max(0, ...metadata.actions.filter(isMonitor).map(({ depth }) => depth));
}

function findAction(action: AgentAction, metadata: Metadata): Metadata['actions'][number] | undefined {
  const named = metadata.actions.filter(({ name, depth }) => name === action && depth === 0);
  return named.find(({ role }) => role === undefined) ?? named[0];
}

function isMonitor({ name, role }: Metadata['actions'][number]): boolean {
  return name === 'monitor' && role !== 'Promoted' && role !== 'Master';
}
