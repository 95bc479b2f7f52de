import { createConnection, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { run } from '@holdfast/kit';
import type { GuardPort } from '../../index.ts';
import { type GuardMessage, type GuardPhase, type GuardSettings, guardGreeting } from './messages.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
type Joined = Readonly<{ socket: Socket; phase: GuardPhase; lines: Interface }>;

/** What the shell does, and all that it does: words come as arguments and are never read as a script. */
const intoLog = 'umask 077; exec setsid --fork "$@" </dev/null >>"$0" 2>&1';
const startWithinMs = 10_000;
const againAfterMs = 20;

/**
 * The guard of this node: the one that an earlier agent left, or a new one. When it dies, or
 * has begun to let go of everything, the agent is told, and must not go on.
 */
export async function openGuard(
  settings: GuardSettings,
  onEnd: () => void,
): Promise<GuardPort & Readonly<{ phase: GuardPhase }>> {
  const { socket, phase, lines } = (await join(settings.socket)) ?? (await startAnew(settings));
  socket.on('error', () => undefined);
  socket.on('close', onEnd);
  // It says something only once it has begun to let go of everything.
  lines.on('line', onEnd);
  const send = (message: GuardMessage): void => void socket.write(`${JSON.stringify(message)}\n`);
  return {
    phase,
    right: (until) => send({ kind: 'right', until }),
    runs: (anything, levels) =>
      send({
        kind: 'runs',
        anything,
        levels: levels.map((level) =>
          level.map((steps) => steps.map(({ argv, budgetMs }) => ({ argv: [...argv], budgetMs }))),
        ),
      }),
    allIsDown: () => send({ kind: 'all-is-down' }),
    close: () => {
      socket.off('close', onEnd);
      socket.end();
    },
  };
}

async function startAnew(settings: GuardSettings): Promise<Joined> {
  const guard = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    program,
    JSON.stringify(settings),
  ];
  // In a session of its own, and with nothing of ours open: it is to live when this process does not.
  const launched = await run(['sh', '-c', intoLog, `${settings.socket}.log`, ...guard], {
    cwd: '/',
    budgetMs: startWithinMs,
  });
  if (!launched.ok) throw new Error(`the guard could not be started: ${launched.says}`);
  const deadline = performance.now() + startWithinMs;
  while (performance.now() < deadline) {
    const joined = await join(settings.socket);
    if (joined !== undefined) return joined;
    await new Promise((resolve) => setTimeout(resolve, againAfterMs));
  }
  throw new Error(`the guard did not start within ${startWithinMs} ms, and without it nothing may run here`);
}

/** Undefined where none listens. */
function join(path: string): Promise<Joined | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.on('error', () => resolve(undefined));
    let isGreeted = false;
    socket.on('close', () => {
      if (!isGreeted)
        reject(new Error('the guard of this node serves another agent: is one running already?'));
    });
    const lines = createInterface({ input: socket });
    // It tells of the socket's errors once more.
    lines.on('error', () => undefined);
    lines.once('line', (line) => {
      isGreeted = true;
      const { phase } = guardGreeting.parse(JSON.parse(line));
      resolve({ socket, phase, lines });
    });
  });
}
