import type { KitLog } from '@holdfast/kit';
import { shortened } from './believed.ts';
import type { CallData } from './kitCalls.ts';
import type { LogLine } from './messages.ts';

const linesMax = 100;
const periodMs = 10_000;
const fieldsMax = 4_000;

/**
 * The log of a kit in a thread of its own: so many lines in a period cross to the agent, each of a bounded size, and
 * one line says that the rest were dropped. A kit that logs without end costs its own thread, and no other.
 */
export function boundedLog(
  write: (line: LogLine) => void,
  now: () => number = () => performance.now(),
): (call: Pick<CallData, 'tag' | 'action'>) => KitLog {
  let periodBegan = Number.NEGATIVE_INFINITY;
  let written = 0;
  return ({ tag, action }) => {
    const log =
      (level: LogLine['level']) =>
      (fields: object, says: string): void => {
        if (now() - periodBegan >= periodMs) {
          periodBegan = now();
          written = 0;
        }
        written += 1;
        if (written <= linesMax)
          write({ level, tag, action, fields: plainFields(fields), says: shortened(String(says)) });
        else if (written === linesMax + 1)
          write({
            level: 'warn',
            tag,
            action,
            fields: { event: 'log-dropped' },
            says: `this kit logs more than ${linesMax} lines in ${periodMs / 1000} s: the rest of them are dropped`,
          });
      };
    return { debug: log('debug'), info: log('info'), warn: log('warn') };
  };
}

function plainFields(fields: object): Record<string, unknown> {
  try {
    const text = JSON.stringify(fields) ?? '{}';
    return text.length > fieldsMax
      ? { fields: shortened(text, fieldsMax) }
      : (JSON.parse(text) as Record<string, unknown>);
  } catch (error) {
    return { fields: `they cannot be written: ${shortened(String(error), 200)}` };
  }
}
