import { type Answer, isListening, type Listening, readStatusFile } from '@holdfast/client';
import type { Status } from '@holdfast/core';
import type { Surroundings } from '../program/surroundings.ts';

/** `stopped` in order, or `down` without having said so. */
export type AgentState = 'running' | 'stopped' | 'down';

export type FoundStatus = Readonly<{
  status: Status;
  agent: AgentState;
  /** How long ago it was written: the agent writes at each change, so an old one is as good as a new one while it runs. */
  ageMs: number;
}>;

/**
 * The file first: it is there at once, and also when the agent is down. Without it, the agent is asked. The file is
 * written when a state changes and not at each check, so a view that shows checks asks the agent first.
 */
export async function findStatus(
  around: Surroundings,
  { showsChecks }: { showsChecks: boolean },
): Promise<Answer<FoundStatus>> {
  const { socket, statusFile } = around.paths;
  const [file, listening] = await Promise.all([readStatusFile(statusFile), isListening(socket)]);
  const node = around.asked.node();
  const isOther = node !== undefined && !(file.ok && file.value.status.node === node);
  if (isOther) {
    const told = await around.asked.connect().status();
    return told.ok ? { ok: true, value: { status: told.value, ageMs: 0, agent: 'running' } } : told;
  }
  // An agent that listens has not stopped: it was started again and has written nothing yet.
  const isOfEarlierLife = file.ok && file.value.status.agent.phase === 'stopped' && listening === 'yes';
  const isToBeAsked = isOfEarlierLife || (showsChecks && listening === 'yes');
  if (file.ok && !isToBeAsked) {
    const { status, ageMs } = file.value;
    return { ok: true, value: { status, ageMs, agent: agentState(status, listening) } };
  }
  const asked = await around.asked.connect().status();
  if (asked.ok) return { ok: true, value: { status: asked.value, ageMs: 0, agent: 'running' } };
  if (!file.ok) return asked;
  const { status, ageMs } = file.value;
  return { ok: true, value: { status, ageMs, agent: agentState(status, listening) } };
}

function agentState({ agent }: Status, listening: Listening): AgentState {
  if (listening === 'yes') return 'running';
  if (agent.phase === 'stopped') return 'stopped';
  return listening === 'no' || !isAlive(agent.pid) ? 'down' : 'running';
}

/** Asked only when the socket may not be: a pid may belong to another process by now. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
