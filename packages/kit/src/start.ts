import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { execa } from 'execa';
import { killGroup } from './killGroup.ts';
import { accountHere } from './processAccount.ts';
import { Tail } from './tail.ts';

/** An account of the system as a process runs under it. */
export type Account = Readonly<{ name: string; uid: number; gid: number }>;

export type StartOptions = Readonly<{
  /** Run as this account of the system, with its groups; see `accountOf`. The agent's own when left out. */
  account?: Account;
  /** Added to the minimal environment; nothing is inherited from the agent. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Written to its standard input, which is then closed. Closed at once when left out. */
  input?: string;
  /** Keep standard input open until `closeInput` or the end of this process. */
  keepInputOpen?: boolean;
  /** Called with each piece of standard output as it comes. */
  onOutput?: (text: string) => void;
}>;

export type Ended = Readonly<{
  /** Undefined when a signal ended it, or it never began. */
  exitCode: number | undefined;
  signal: string | undefined;
  /** The last part of each, bounded. */
  stdout: string;
  stderr: string;
  /** Bytes of output that were not kept. */
  dropped: number;
  /** Why it could not begin, such as ENOENT. */
  startError: string | undefined;
}>;

/** A process that was started, with everything it starts, as one group. */
export type Started = Readonly<{
  pid: number | undefined;
  ended: Promise<Ended>;
  /** Sends the signal to the whole group. Nothing happens when it has ended. */
  kill: (signal: NodeJS.Signals) => void;
  closeInput: () => void;
  /**
   * Writes to its standard input, which `keepInputOpen` keeps open. True once the text is on its way, and false when
   * nobody reads it any more. Wait for it before the next: what a program does not read would pile up here.
   */
  write: (text: string) => Promise<boolean>;
}>;

/**
 * An agent that the kernel is to spare when memory is short would hand that on to every service that it starts; so
 * programs begin where they would begin by themselves. Empty where this process is not spared.
 */
const unspared = ownOomScore() < 0 ? ['choom', '--adjust', '0', '--'] : [];

function ownOomScore(): number {
  try {
    return Number(readFileSync('/proc/self/oom_score_adj', 'utf8'));
  } catch {
    return 0;
  }
}

/** What every program gets, and all that it gets: messages in one language, and where programs are. */
const minimalEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  LANG: 'C',
} as const;

/**
 * Starts a program from an argument array, never through a shell. It leads a process group of its own, and the
 * kernel kills it when the thread that started it ends, so that a dead agent leaves nothing half-done behind it.
 * What it forked and detached for good, such as a server, is not touched by that.
 */
export function start(argv: readonly [string, ...string[]], options: StartOptions = {}): Started {
  const entry = accountHere()?.reserve();
  if (entry === 'full') return refused('too many programs of this kit run at once');
  const stdout = new Tail();
  const stderr = new Tail();
  // A piece may end in the middle of a letter.
  const letters = new TextDecoder();
  const bound = [...setprivOptions(options.account), '--', 'sh', '-c', unlessOrphaned, String(process.pid)];
  const words = [...unspared, 'setpriv', ...bound, ...argv];
  const subprocess = execa(words[0]!, words.slice(1), {
    buffer: false,
    cleanup: false,
    detached: true,
    env: { ...minimalEnvironment, ...options.env },
    extendEnv: false,
    reject: false,
    stdin: options.input !== undefined || options.keepInputOpen === true ? 'pipe' : 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  subprocess.stdout?.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    options.onOutput?.(letters.decode(chunk, { stream: true }));
  });
  subprocess.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A program that does not read its input to the end is no fault of ours.
  subprocess.stdin?.on('error', () => undefined);
  if (options.input !== undefined) subprocess.stdin?.end(options.input);

  const { pid } = subprocess;
  entry?.set(pid);
  let isOver = false;
  const ended = new Promise<Ended>((resolve) => {
    const finish = (exitCode: number | null, signal: string | null, startError?: string): void => {
      if (isOver) return;
      isOver = true;
      entry?.free();
      // Whoever still holds the other end may go on writing; it must not keep this process from ending.
      for (const stream of [subprocess.stdout, subprocess.stderr])
        (stream as Partial<Socket> | null)?.unref?.();
      const missing = exitCode === 127 ? notFound(stderr.text()) : undefined;
      resolve({
        exitCode: missing === undefined ? (exitCode ?? undefined) : undefined,
        signal: signal ?? undefined,
        stdout: stdout.text(),
        stderr: stderr.text(),
        dropped: stdout.dropped + stderr.dropped,
        startError: startError ?? missing,
      });
    };
    subprocess.nodeChildProcess.on('error', (error) => finish(null, null, error.message));
    // `exit` and not `close`: a server that a program left behind may hold its output open for ever.
    subprocess.nodeChildProcess.on('exit', (code, signal) =>
      drained([subprocess.stdout, subprocess.stderr], () => finish(code, signal)),
    );
  });
  // execa's own promise is not used; without a handler a failure to start would be an unhandled rejection.
  subprocess.catch(() => undefined);

  return {
    pid,
    ended,
    kill: (signal) => {
      if (pid !== undefined && !isOver) killGroup(pid, signal);
    },
    closeInput: () => subprocess.stdin?.end(),
    write: (text) =>
      new Promise((resolve) => {
        const { stdin } = subprocess;
        if (isOver || stdin == null || stdin.writableEnded || stdin.destroyed) return resolve(false);
        // A program that ends without reading never takes the text.
        void ended.then(() => resolve(false));
        stdin.write(text, (error) => resolve(error == null));
      }),
  };
}

/**
 * The kernel signals the death of a parent only to a child that has asked for it by then. One whose parent died in the
 * moment before has another parent already, and does not begin.
 */
const unlessOrphaned = '[ "$PPID" = "$0" ] && unset PWD OLDPWD SHLVL && exec "$@"';

function refused(startError: string): Started {
  const never = { exitCode: undefined, signal: undefined, stdout: '', stderr: '', dropped: 0, startError };
  return {
    pid: undefined,
    ended: Promise.resolve(never),
    kill: () => undefined,
    write: async () => false,
    closeInput: () => undefined,
  };
}

function setprivOptions(account: Account | undefined): string[] {
  if (account === undefined) return ['--pdeathsig', 'KILL'];
  const { uid, gid } = account;
  return ['--pdeathsig', 'KILL', '--reuid', String(uid), '--regid', String(gid), '--init-groups'];
}

/** The shell, or setpriv, exits with 127 when the program is not there, and says so; the program may do so too. */
function notFound(stderr: string): string | undefined {
  return shellsWord.exec(stderr)?.[1] ?? /^setpriv: failed to execute .*$/m.exec(stderr)?.[0];
}

const shellsWord = new RegExp(
  `^${process.pid}: (?:line )?1: (?:exec: )?(.*: (?:not found|No such file or directory))$`,
  'm',
);

/** Calls back when what was already written has been read, or shortly after when somebody else holds the pipe. */
function drained(streams: readonly (NodeJS.ReadableStream | null)[], done: () => void): void {
  let open = 0;
  const timer = setTimeout(done, 100);
  const one = (): void => {
    open -= 1;
    if (open > 0) return;
    clearTimeout(timer);
    done();
  };
  for (const stream of streams) {
    if (stream === null || (stream as { readableEnded?: boolean }).readableEnded === true) continue;
    open += 1;
    stream.once('end', one);
  }
  if (open === 0) {
    clearTimeout(timer);
    done();
  }
}
