import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended, Started } from '@holdfast/kit';
import { LabError } from './labError.ts';
import type { LabNode } from './labHost.ts';
import { repository } from './repository.ts';

/** What /etc/holdfast/agent.yaml says beside the node's name. */
export type AgentConfig = Readonly<{
  kits?: readonly string[];
  /** Anything else that the agent knows, as it is. */
  [setting: string]: unknown;
}>;

export type AgentOptions = Readonly<{
  config?: AgentConfig;
  /** What to start; the agent of this checkout when left out. */
  command?: readonly [string, ...string[]];
  /** 15 s when left out. */
  readyWithinMs?: number;
}>;

/** The agent of a node, running. */
export type LabAgent = Readonly<{
  /** As this machine sees it. */
  pid: number;
  /** Asks it to end in order, and waits for it, within a bound. */
  stop: (withinMs?: number) => Promise<Ended>;
  /** Ends it at once. */
  kill: () => Promise<Ended>;
  /** The last part of what it wrote. */
  log: () => string;
  ended: Promise<Ended>;
}>;

const logLimit = 1_000_000;

/** Starts the agent in a node, and gives it back once it says that it is ready. */
export async function startAgent(node: LabNode, options: AgentOptions = {}): Promise<LabAgent> {
  const command = options.command ?? [join(repository, 'packages/cli/bin/holdfast'), 'agent'];
  const readyWithinMs = options.readyWithinMs ?? 15_000;
  const config = { node: node.name, ...options.config };
  // JSON is YAML.
  await node.writeFile('/etc/holdfast/agent.yaml', `${JSON.stringify(config, null, 2)}\n`);

  let log = '';
  let heardReady: () => void;
  const ready = new Promise<void>((resolve) => {
    heardReady = resolve;
  });
  let line = '';
  const started = node.start(command, {
    onOutput: (text) => {
      log = (log + text).slice(-logLimit);
      const lines = (line + text).split('\n');
      line = lines.pop()!.slice(-logLimit);
      if (lines.some(saysReady)) heardReady();
    },
  });

  const complain = (what: string, why: string, stderr = ''): LabError =>
    new LabError({
      what,
      why: `${why}; its last output: ${lastLines(`${log}${stderr}`)}`,
      todo: `look at it by hand: ${node.enterCommand} ${command.join(' ')}`,
    });
  const outcome = await outcomeOf(ready, started, readyWithinMs);
  if (outcome !== 'ready') {
    started.kill('SIGKILL');
    const { stderr } = await started.ended;
    throw complain(`The agent of ${node.name} did not become ready.`, outcome, stderr);
  }

  const pid = onlyChildOf(started.pid!);
  let isOver = false;
  const ended = started.ended.finally(() => {
    isOver = true;
  });
  const signal = (name: NodeJS.Signals): void => {
    if (!isOver) process.kill(pid, name);
  };
  return {
    pid,
    ended,
    log: () => log,
    stop: async (withinMs = 30_000) => {
      signal('SIGTERM');
      const outcome = await within(ended, withinMs);
      if (outcome === undefined) {
        throw complain(`The agent of ${node.name} did not stop.`, `it runs ${withinMs} ms after SIGTERM`);
      }
      return outcome;
    },
    kill: async () => {
      signal('SIGKILL');
      return ended;
    },
  };
}

function saysReady(line: string): boolean {
  // The log in the order of LifeKeeper.
  if (line.startsWith('INFO:agent:ready:')) return true;
  try {
    return (JSON.parse(line) as { event?: unknown } | null)?.event === 'ready';
  } catch {
    return false; // Not every line that a program writes is a line of its log.
  }
}

async function outcomeOf(ready: Promise<void>, started: Started, withinMs: number): Promise<string> {
  const outcome = Promise.race([
    ready.then(() => 'ready'),
    started.ended.then(({ exitCode, signal }) => `it ended first (${signal ?? `exit ${exitCode}`})`),
  ]);
  return (await within(outcome, withinMs)) ?? `it did not say so within ${withinMs} ms`;
}

/** What the promise gives, or undefined when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The way into the node waits in front of the program, which is its only child. */
function onlyChildOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-20).join('\n') || 'nothing';
}
