import { type Run, run } from '@holdfast/kit';
import type { Log } from '../index.ts';

export type ServiceManagerOptions = Readonly<{
  /** Of this process: `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`, where a service manager has set them. */
  environment: Readonly<Record<string, string | undefined>>;
  pid: number;
  /** How many turns the agent's loop has completed. */
  turns: () => number;
  /** Makes the loop turn once. */
  wake: () => void;
  /** One line for people. */
  says: () => string;
  log: Log;
  runProgram?: Run;
}>;

export type ServiceManager = Readonly<{
  /** It cannot begin yet, and that is no fault of it: called again and again while that lasts. */
  waits: () => Promise<void>;
  ready: () => Promise<void>;
  stopping: () => Promise<void>;
}>;

/** A kick four times within what systemd allows: one may be late, and one lost. */
const kicksPerTimeout = 4;
const tellMs = 5_000;
/** By so much one that waits may take longer to be ready, each time that it says so. */
const extendMs = 120_000;

/**
 * Tells systemd how the agent is, by its program `systemd-notify`: Node has no datagram sockets of Unix. The program
 * speaks for its parent, which root alone may. Where nobody asked to be told, nothing happens.
 */
export function serviceManager(options: ServiceManagerOptions): ServiceManager {
  const { environment, pid, turns, wake, says, log, runProgram = run } = options;
  const socket = environment.NOTIFY_SOCKET;
  if (socket === undefined || socket === '') return { waits: nothing, ready: nothing, stopping: nothing };
  let timer: NodeJS.Timeout | undefined;
  let turnsBefore = 0;
  let lastSaid = '';

  const tell = async (...words: string[]): Promise<void> => {
    const told = await runProgram(['systemd-notify', '--no-block', ...words, ...statusWords()], {
      env: { NOTIFY_SOCKET: socket },
      budgetMs: tellMs,
    });
    if (!told.ok)
      log.warn({ event: 'service-manager', says: told.says }, `systemd was not told: ${told.says}`);
  };
  const statusWords = (): string[] => {
    const line = says();
    if (line === lastSaid) return [];
    lastSaid = line;
    return [`STATUS=${line}`];
  };
  const kick = (): void => {
    const now = turns();
    // A timer runs also when the loop hangs; so it is the loop that is asked, and it has until the next kick.
    if (now > turnsBefore) void tell('WATCHDOG=1');
    else
      log.warn(
        { event: 'loop-hangs', turns: now },
        'the loop has not turned since the last kick of the watchdog',
      );
    turnsBefore = now;
    wake();
  };

  return {
    waits: () => tell(`EXTEND_TIMEOUT_USEC=${extendMs * 1_000}`),
    ready: async () => {
      await tell('READY=1');
      const periodMs = watchdogMs(environment, pid);
      if (periodMs === undefined) return;
      wake();
      timer = setInterval(kick, periodMs / kicksPerTimeout);
      timer.unref();
    },
    stopping: async () => {
      clearInterval(timer);
      await tell('STOPPING=1');
    },
  };
}

/** Undefined when there is no watchdog, or it watches another process. */
function watchdogMs(
  { WATCHDOG_USEC, WATCHDOG_PID }: ServiceManagerOptions['environment'],
  pid: number,
): number | undefined {
  if (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== pid) return undefined;
  const microseconds = Number(WATCHDOG_USEC);
  return microseconds > 0 ? microseconds / 1_000 : undefined;
}

async function nothing(): Promise<void> {
  // Nobody asked to be told.
}
