import { chmodSync, unlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { run } from '@holdfast/kit';
import { openBootClock } from '../bootClock.ts';
import { Guard } from './guard.ts';
import { guardMessage, guardSettings } from './messages.ts';

/*
 * The guard of a node of a cluster: a process of its own, which outlives the agent. One agent speaks with it at a time.
 * It ends by itself once no agent is there and nothing is left to guard.
 */
const settings = guardSettings.parse(JSON.parse(process.argv[2] ?? ''));
const clock = openBootClock();
const guard = new Guard({
  now: clock.now,
  dropMs: settings.dropMs,
  runAbort: async ({ argv, budgetMs }) => {
    await run(argv, { budgetMs, killAfterMs: 50 });
  },
  takeNodeDown: async () => {
    await run(settings.nodeDown, { budgetMs: 10_000 });
  },
  say: (event) => process.stderr.write(`${JSON.stringify({ event, guard: process.pid })}\n`),
});

// It is to run when everything else waits, and to be the last to go. Where that may not be asked for, it does without.
try {
  setPriority(-20);
} catch {}
await writeFile('/proc/self/oom_score_adj', '-1000').catch(() => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);

let speaker: Socket | undefined;
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  if (speaker !== undefined) {
    // Two agents on one node would act on it twice.
    socket.end();
    return;
  }
  speaker = socket;
  socket.on('close', () => {
    speaker = undefined;
  });
  socket.write(`${JSON.stringify({ phase: guard.phase })}\n`);
  const lines = createInterface({ input: socket });
  // It tells of the socket's errors once more.
  lines.on('error', () => undefined);
  lines.on('line', (line) => {
    const message = guardMessage.safeParse(parsed(line));
    if (message.success) guard.take(message.data);
  });
});
try {
  unlinkSync(settings.socket);
} catch {}
process.umask(0o177);
server.listen(settings.socket, () => chmodSync(settings.socket, 0o600));

/** Long enough for an agent that was just started to come. */
const idleMax = 10_000;
let lastNeeded = clock.now();
setInterval(() => {
  const before = guard.phase;
  guard.tick();
  // The agent may have renewed in the same moment: it hears that this is over, and looks whether all goes down.
  if (guard.phase !== before) speaker?.write(`${JSON.stringify({ phase: guard.phase })}\n`);
  if (speaker !== undefined || guard.phase !== 'idle') lastNeeded = clock.now();
  if (clock.now() - lastNeeded > idleMax) process.exit(0);
}, settings.tickMs);

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
