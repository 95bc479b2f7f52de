import type { KitCall, Memory, ProcessEntry } from '@holdfast/kit';
import { askServer, psqlCommand, psqlEnvironment } from './askServer.ts';
import { findInstallation, type Installation } from './findInstallation.ts';
import { judgeWords } from './judgeWords.ts';
import { type Connection, openConnection, type Reply } from './openConnection.ts';
import { question, readAnswer } from './question.ts';
import { keepLauncher } from './readyLauncher.ts';
import type { ServerAnswer } from './serverAnswer.ts';
import type { Settings } from './settings.ts';
import { launchOf } from './startServer.ts';

/** An open connection, and to whom: another postmaster, or other settings, need another one. */
type Kept = Readonly<{ connection: Connection; to: string }>;

/**
 * Asks over the connection that is kept from one check to the next: no program is started, and the answer is there
 * within a millisecond. Where that connection is lost or does not answer, a new one is asked in the same check: a
 * server that lets one in is not hung. The first question of an agent's life is asked by a program that ends with
 * its answer: who asks once has no use for what is kept.
 */
export async function askAgain(
  call: KitCall<Settings>,
  postmaster: ProcessEntry,
  withinMs: number,
): Promise<ServerAnswer> {
  const begunAt = performance.now();
  const left = (): number => withinMs - (performance.now() - begunAt);
  const { memory, settings, signal } = call;
  const to = JSON.stringify([postmaster.pid, postmaster.startedAt, settings]);
  const kept = memory.get('kept') as Kept | undefined;
  if (kept !== undefined) {
    if (kept.to === to) {
      const reply = await kept.connection.ask(question, { withinMs: withinMs / 2, signal });
      const answer = reply.kind === 'row' ? readAnswer(reply.text, settings.port) : undefined;
      if (answer !== undefined) return answer;
    }
    closeKept(memory);
    if (signal.aborted) return { finding: 'unknown', says: 'no longer wanted', conditions: [] };
  }
  const installation = await findInstallation(call);
  if ('result' in installation) {
    return { finding: 'unknown', says: installation.evidence, conditions: [] };
  }
  if (!memory.has('asked')) {
    memory.set('asked', true);
    return askServer(call, installation, left());
  }
  return askNew(call, { installation, to, withinMs: left() });
}

export function closeKept(memory: Memory): void {
  (memory.get('kept') as Kept | undefined)?.connection.close();
  memory.delete('kept');
}

type NewQuestion = Readonly<{ installation: Installation; to: string; withinMs: number }>;

async function askNew(
  { settings, run, signal, memory, log }: KitCall<Settings>,
  { installation: { bin, owner }, to, withinMs }: NewQuestion,
): Promise<ServerAnswer> {
  const begunAt = performance.now();
  const connection = await openConnection({
    psql: psqlCommand(bin, settings),
    account: owner,
    env: psqlEnvironment(withinMs),
    run,
  }).catch((error: Error) => error);
  if (connection instanceof Error) {
    log.warn({ error: connection.message }, 'no connection could be kept: asked by a program of its own');
    const left = withinMs - (performance.now() - begunAt);
    return askServer({ settings, run, signal }, { bin, owner }, left);
  }
  memory.set('kept', { connection, to } satisfies Kept);
  keepLauncher(memory, launchOf(settings, { bin, owner }));
  const reply = await connection.ask(question, { withinMs, signal });
  const answer = reply.kind === 'row' ? readAnswer(reply.text, settings.port) : undefined;
  if (answer !== undefined) return answer;
  closeKept(memory);
  return judgeReply(reply, { isWanted: !signal.aborted, port: settings.port, withinMs });
}

function judgeReply(
  reply: Reply,
  asked: Readonly<{ isWanted: boolean; port: number; withinMs: number }>,
): ServerAnswer {
  const conditions = [] as const;
  if (!asked.isWanted) return { finding: 'unknown', says: 'no longer wanted', conditions };
  switch (reply.kind) {
    case 'late': {
      const says = `no answer on port ${asked.port} within ${Math.round(asked.withinMs)} ms`;
      return { finding: 'timeout', says, conditions };
    }
    case 'refused':
      return judgeWords(reply.says);
    case 'row':
      return { finding: 'unknown', says: `it answered "${reply.text}"`, conditions };
  }
}
