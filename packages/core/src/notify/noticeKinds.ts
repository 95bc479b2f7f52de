/** How much a notice matters, the least first. */
export const severities = ['info', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof severities)[number];

type KindFacts = Readonly<{
  severity: Severity;
  /** Told where a notifier does not say which kinds it wants: what a person at night needs. */
  isDefault: boolean;
  says: string;
}>;

/** Everything that a person can be told of, a closed set. */
export const noticeKinds = {
  'resource-failed': {
    severity: 'error',
    isDefault: true,
    says: 'A resource failed, or a repair of it did.',
  },
  recovered: { severity: 'warning', isDefault: true, says: 'A failure was repaired on this node.' },
  'given-up': {
    severity: 'critical',
    isDefault: true,
    says: 'A resource is down and nothing more is done by itself: repairs are spent, or the policy forbids them.',
  },
  moved: { severity: 'error', isDefault: true, says: 'A hierarchy was taken over from another node.' },
  conflict: {
    severity: 'critical',
    isDefault: true,
    says: 'A resource runs here while another node has its claim.',
  },
  fenced: {
    severity: 'error',
    isDefault: true,
    says: 'A node that gave no sign of life was fenced, or a person confirmed that it is down.',
  },
  'fence-failed': {
    severity: 'critical',
    isDefault: true,
    says: 'A node could not be fenced: what it had is not taken over before that.',
  },
  'paused-long': {
    severity: 'warning',
    isDefault: true,
    says: 'A pause lasts longer than the notifier allows; told again each day.',
  },
  condition: {
    severity: 'warning',
    isDefault: true,
    says: 'Something worth knowing began beside the state, such as a disk that fills up.',
  },
  'condition-over': { severity: 'info', isDefault: false, says: 'Such a condition is over.' },
  'agent-crashed': {
    severity: 'error',
    isDefault: true,
    says: 'The agent started after a life that ended without a stop: a crash, or the node went down.',
  },
  'agent-started': { severity: 'info', isDefault: false, says: 'The agent started after a stop.' },
  'agent-stopping': { severity: 'info', isDefault: false, says: 'The agent stops.' },
  'not-ready': {
    severity: 'warning',
    isDefault: true,
    says: 'A standby could not run a resource if it had to.',
  },
  'ready-again': { severity: 'info', isDefault: false, says: 'A standby that was not ready is so again.' },
  'check-failed': {
    severity: 'warning',
    isDefault: false,
    says: 'A check of what is in service did not find it well.',
  },
  'command-done': { severity: 'info', isDefault: false, says: 'What an operator commanded was done.' },
  'command-failed': {
    severity: 'warning',
    isDefault: false,
    says: 'What an operator commanded was not all done.',
  },
  adopted: {
    severity: 'warning',
    isDefault: false,
    says: 'Something was found running though nobody asked for it, and taken over.',
  },
  paused: { severity: 'info', isDefault: false, says: 'Protection was paused.' },
  resumed: { severity: 'info', isDefault: false, says: 'Protection was resumed.' },
  'configuration-applied': { severity: 'info', isDefault: false, says: 'A configuration was applied.' },
} as const satisfies Readonly<Record<string, KindFacts>>;

export type NoticeKind = keyof typeof noticeKinds;

export const noticeKindNames = Object.keys(noticeKinds) as [NoticeKind, ...NoticeKind[]];
