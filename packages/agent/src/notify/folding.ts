import { type Severity, severities } from '@holdfast/core';
import type { Notice } from './notice.ts';

/** The same as was told a moment ago, and how often it came again since. */
export type Repeated = Readonly<{ notice: Notice; count: number }>;

/** One message: all that happened within one window. */
export type Folded = Readonly<{
  at: number;
  severity: Severity;
  notices: readonly Notice[];
  /** How many more there were than a message holds. */
  omitted: number;
  repeated: readonly Repeated[];
}>;

const noticesMax = 50;
const toldMax = 1_000;

/**
 * Gathers notices into few messages: what happens within one window is one message, and what was told already is
 * only counted for a while. What is critical is never kept back. All times are given, in milliseconds of a clock
 * that does not jump.
 *
 *   take --> open window --(fold)--> due --> a message
 *   take of what was told --> counted --(repeat)--> due --> "n more times"
 */
export class Folding {
  readonly #foldMs: number;
  readonly #repeatMs: number;
  #open: { since: number; notices: Notice[]; omitted: number } | undefined;
  readonly #told = new Map<string, { until: number; count: number; last: Notice }>();

  constructor(settings: { fold: number; repeat: number }) {
    this.#foldMs = settings.fold;
    this.#repeatMs = settings.repeat;
  }

  take(notice: Notice, now: number): void {
    const key = `${notice.kind} ${[...notice.tags].sort().join(' ')}`;
    const told = this.#told.get(key);
    if (told !== undefined && now < told.until && notice.severity !== 'critical') {
      told.count += 1;
      told.last = notice;
      return;
    }
    // One that came again and was not told yet is told with the count of it.
    if (told === undefined || told.count === 0) this.#remember(key, notice, now);
    this.#open ??= { since: now, notices: [], omitted: 0 };
    if (this.#open.notices.length < noticesMax) this.#open.notices.push(notice);
    else this.#open.omitted += 1;
  }

  /** The next moment at which something is due; undefined when nothing waits. */
  nextDue(): number | undefined {
    const moments = [...this.#told.values()].flatMap(({ count, until }) => (count > 0 ? [until] : []));
    if (this.#open !== undefined) moments.push(this.#open.since + this.#foldMs);
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  /** The message that is due now; with `all`, what is not yet due as well. */
  due(now: number, all = false): Folded | undefined {
    const isOpenDue = this.#open !== undefined && (all || this.#open.since + this.#foldMs <= now);
    const { notices, omitted } = isOpenDue ? this.#open! : { notices: [], omitted: 0 };
    if (isOpenDue) this.#open = undefined;
    const repeated: Repeated[] = [];
    for (const [key, told] of this.#told) {
      if (!all && told.until > now) continue;
      if (told.count === 0) this.#told.delete(key);
      else {
        repeated.push({ notice: told.last, count: told.count });
        // What goes on for hours is told once in each window, and not each time.
        this.#told.set(key, { until: now + this.#repeatMs, count: 0, last: told.last });
      }
    }
    const said = [...notices, ...repeated.map(({ notice }) => notice)];
    if (said.length === 0) return undefined;
    return {
      at: Math.min(...said.map(({ at }) => at)),
      severity: highest(said),
      notices,
      omitted,
      repeated,
    };
  }

  #remember(key: string, notice: Notice, now: number): void {
    this.#told.delete(key);
    this.#told.set(key, { until: now + this.#repeatMs, count: 0, last: notice });
    const [oldest] = this.#told.keys();
    if (this.#told.size > toldMax && oldest !== undefined) this.#told.delete(oldest);
  }
}

function highest(notices: readonly Notice[]): Severity {
  const ranks = notices.map(({ severity }) => severities.indexOf(severity));
  return severities[Math.max(...ranks)]!;
}
