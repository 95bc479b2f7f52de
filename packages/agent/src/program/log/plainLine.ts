/** A line of the log as pino writes it, read back. */
export type LogRecord = Readonly<Record<string, unknown>> &
  Readonly<{ level: number; time: string; msg?: string; event?: string; tag?: string; action?: string }>;

const subsystems: readonly (readonly [prefix: string, subsystem: string])[] = [
  ['operation-', 'engine'],
  ['step-', 'engine'],
  ['check-', 'check'],
  ['suspicion', 'check'],
  ['state-', 'state'],
  ['adopted', 'state'],
  ['claim', 'claim'],
  ['release', 'claim'],
  ['store-', 'store'],
  ['journal-', 'store'],
  ['status-', 'store'],
  ['configuration-', 'config'],
  ['command', 'command'],
  ['paused', 'pause'],
  ['resumed', 'pause'],
  ['watcher-', 'watch'],
  ['notif', 'notify'],
  ['kept-queue', 'notify'],
  ['request-', 'api'],
];

/** Told in the message already, or by whoever keeps the line. */
const unsaid: ReadonlySet<string> = new Set([
  'level',
  'time',
  'msg',
  'event',
  'tag',
  'action',
  'node',
  'pid',
]);

/**
 * A record in the order that operators of LifeKeeper read: level:subsystem:action:tag:message. A change of a state is
 * a NOTIFY, as it is there. What comes from programs is kept in its line.
 */
export function plainLine(record: LogRecord): string {
  const { event, tag = '', action = event ?? '', msg = '' } = record;
  const more = Object.entries(record)
    .filter(([name, value]) => !unsaid.has(name) && isToSay(value, msg))
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`);
  const says = more.length === 0 ? msg : `${msg} (${more.join(', ')})`;
  return [levelOf(record), subsystemOf(record), action, tag, oneLine(says)].join(':');
}

function levelOf({ level, event }: LogRecord): string {
  if (level >= 60) return 'EMERG';
  if (level >= 50) return 'ERROR';
  if (level >= 40) return 'WARN';
  if (event === 'state-changed') return 'NOTIFY';
  return level >= 30 ? 'INFO' : 'DEBUG';
}

function subsystemOf({ event, tag }: LogRecord): string {
  if (event === undefined) return tag === undefined ? 'agent' : 'kit';
  return subsystems.find(([prefix]) => event.startsWith(prefix))?.[1] ?? 'agent';
}

function isToSay(value: unknown, msg: string): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'string' || !msg.includes(value);
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}
