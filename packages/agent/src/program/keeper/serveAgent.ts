import { chmodSync, unlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Keeper } from '../../keeper/keeper.ts';
import type { Log } from '../../ports.ts';
import type { AgentProcess } from './agentProcess.ts';
import { type ToAgent, toKeeper } from './messages.ts';

type Given = Readonly<{
  keeper: Keeper;
  agent: AgentProcess;
  socket: string;
  /** Which settings this keeper was started with. */
  settings: string;
  log: Log;
  /** Another keeper is to take the place of this one, which has nothing to keep. */
  onMakeRoom: () => void;
}>;

/** Carries what the agent and the keeper say to each other, over a socket that only root may open. */
export function serveAgent(given: Given): () => boolean {
  let served: Socket | undefined;
  const server = createServer((socket) => {
    // It tells of its errors by ending, too.
    socket.on('error', () => undefined);
    if (served !== undefined) {
      // Two agents on one node would act on it twice.
      socket.end();
      return;
    }
    served = socket;
    socket.on('close', () => {
      served = undefined;
    });
    serve(socket, given);
  });
  try {
    unlinkSync(given.socket);
  } catch {
    // None was left.
  }
  process.umask(0o177);
  server.listen(given.socket, () => chmodSync(given.socket, 0o600));
  return () => served !== undefined;
}

function serve(socket: Socket, { keeper, agent, settings, log, onMakeRoom }: Given): void {
  const send = (message: ToAgent): void => void socket.write(`${JSON.stringify(message)}\n`);
  const port = keeper.attach({
    onRight: (own, until) => send({ kind: 'right', own, until }),
    onLost: (because) => send({ kind: 'lost', because }),
    onMayNotJoin: ({ because, fence }) => send({ kind: 'may-not-join', because, fence }),
    onAsk: () => send({ kind: 'turn?' }),
  });
  if (port === undefined) {
    socket.end();
    return;
  }
  send({ kind: 'greeting', phase: port.phase, isToLeave: port.isToLeave, settings });
  socket.on('close', port.close);
  const lines = createInterface({ input: socket });
  // It tells of the socket's errors once more.
  lines.on('error', () => undefined);
  lines.on('line', (line) => {
    const read = toKeeper.safeParse(parsed(line));
    if (!read.success) {
      log.warn(
        { event: 'not-understood', line: line.slice(0, 200) },
        'the agent says what is not understood',
      );
      return;
    }
    const message = read.data;
    switch (message.kind) {
      case 'hello':
        return agent.is(message);
      case 'begin':
        return port.begin(message.runs);
      case 'runs':
        return port.runs(message.anything, message.levels);
      case 'turned':
        return port.turned();
      case 'all-is-down':
        return port.allIsDown();
      case 'make-room':
        if (keeper.phase === 'idle') onMakeRoom();
        return;
    }
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
