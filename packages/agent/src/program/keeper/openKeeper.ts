import { createConnection, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { KeeperEars, KeeperPort, Log } from '../../index.ts';
import { beatTimesOf } from '../cluster/beatTimesOf.ts';
import { openWatchdog } from '../watchdog/openWatchdog.ts';
import { digestOf, type KeeperSettings } from './keeperSettings.ts';
import { type AgentCommand, type ToAgent, type ToKeeper, toAgent } from './messages.ts';
import { startApart } from './startApart.ts';
import { startedAt } from './startedAt.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
type Greeting = Extract<ToAgent, { kind: 'greeting' }>;
type Joined = Readonly<{ socket: Socket; greeting: Greeting; lines: Interface }>;
type Ears = KeeperEars & Readonly<{ onEnd: () => void }>;

/** It makes little that is new, and lives for months. */
const small = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=1',
  '--max-old-space-size=96',
  '--optimize-for-size',
  '--single-threaded-gc',
  '--v8-pool-size=1',
];
const startWithinMs = 10_000;
const againAfterMs = 20;

/** The keeper of this node: the one that an earlier agent left, or a new one. */
export async function openKeeper(settings: KeeperSettings, ears: Ears, log: Log): Promise<KeeperPort> {
  const { socket, greeting, lines } = await joinFitting(settings, log);
  socket.on('error', () => undefined);
  socket.on('close', ears.onEnd);
  lines.on('line', (line) => hear(line, ears));
  const send = (message: ToKeeper): void => say(socket, message);
  send(hello());
  return {
    phase: greeting.phase,
    isToLeave: greeting.isToLeave,
    begin: (runs) => send({ kind: 'begin', runs: [...runs] }),
    runs: (anything, levels) =>
      send({
        kind: 'runs',
        anything,
        levels: levels.map((level) =>
          level.map((steps) => steps.map(({ argv, budgetMs }) => ({ argv: [...argv], budgetMs }))),
        ),
      }),
    turned: () => send({ kind: 'turned' }),
    allIsDown: () => send({ kind: 'all-is-down' }),
    close: () => {
      socket.off('close', ears.onEnd);
      socket.end();
    },
  };
}

function hear(line: string, ears: Ears): void {
  const message = toAgent.parse(JSON.parse(line));
  if (message.kind === 'right') ears.onRight(message.own, message.until);
  else if (message.kind === 'lost') ears.onLost(message.because);
  else if (message.kind === 'may-not-join') ears.onMayNotJoin(message);
  else if (message.kind === 'turn?') ears.onAsk();
}

function say(socket: Socket, message: ToKeeper): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

/** Who this process is, and how to start another in its place, unless a service manager does that. */
function hello(): ToKeeper {
  const again = process.env.NOTIFY_SOCKET === undefined ? { again: thisCommand() } : {};
  return { kind: 'hello', pid: process.pid, startedAt: startedAt(process.pid) ?? '', ...again };
}

/** Of its environment it needs these alone, and anything else might be a secret. */
const passedOn = /^(HOLDFAST_\w+|NODE_COMPILE_CACHE|TZ)$/;

function thisCommand(): AgentCommand {
  const env = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]),
  );
  return {
    argv: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    cwd: '/',
    env: Object.fromEntries(env),
  };
}

/** One that was started with other settings makes room for another when it has nothing to keep, and else goes on. */
async function joinFitting(settings: KeeperSettings, log: Log): Promise<Joined> {
  const joined = await join(settings.socket);
  if (joined === undefined) return startAnew(settings);
  if (joined.greeting.settings === digestOf(settings)) return joined;
  if (joined.greeting.phase !== 'idle') {
    const says = 'the keeper goes on with the settings that it was started with, until nothing runs here';
    log.warn({ event: 'keeper-settings' }, says);
    return joined;
  }
  const isGone = new Promise((resolve) => joined.socket.once('close', () => resolve(true)));
  const isLate = new Promise((resolve) => setTimeout(() => resolve(false), startWithinMs).unref());
  say(joined.socket, { kind: 'make-room' });
  if (await Promise.race([isGone, isLate])) return startAnew(settings);
  throw new Error('the keeper of this node was started with other settings, and does not make room');
}

async function startAnew(settings: KeeperSettings): Promise<Joined> {
  const { watchdog } = settings.store;
  // Here, where what is wrong with it is told to whoever started the agent.
  if (watchdog !== undefined)
    await openWatchdog(watchdog, beatTimesOf(settings.store).watchdogTimeout).prepare();
  const words = [...small, program];
  const log = `${settings.socket}.log`;
  // It is to run when everything else waits, and to be the last to go.
  const how = { log, umask: '077', nice: -20, oomScore: -1000, cwd: '/' } as const;
  const cache = process.env.NODE_COMPILE_CACHE;
  const env = cache === undefined ? {} : { NODE_COMPILE_CACHE: cache };
  const launched = await startApart([process.execPath, ...words, JSON.stringify(settings)], { ...how, env });
  if (!launched.ok) throw new Error(`the keeper could not be started: ${launched.says}`);
  const deadline = performance.now() + startWithinMs;
  while (performance.now() < deadline) {
    const joined = await join(settings.socket);
    if (joined !== undefined) return joined;
    await new Promise((resolve) => setTimeout(resolve, againAfterMs));
  }
  throw new Error(
    `the keeper did not start within ${startWithinMs} ms, and without it nothing may run here; ${log} may say why`,
  );
}

/** Undefined where none listens. */
function join(path: string): Promise<Joined | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.on('error', () => resolve(undefined));
    let isGreeted = false;
    socket.on('close', () => {
      if (!isGreeted)
        reject(new Error('the keeper of this node serves another agent: is one running already?'));
    });
    const lines = createInterface({ input: socket });
    // It tells of the socket's errors once more.
    lines.on('error', () => undefined);
    lines.once('line', (line) => {
      isGreeted = true;
      const greeting = toAgent.parse(JSON.parse(line));
      if (greeting.kind !== 'greeting')
        reject(new Error('the keeper of this node says what is not understood'));
      else resolve({ socket, greeting, lines });
    });
  });
}
