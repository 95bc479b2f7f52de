import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { closeKept } from './askAgain.ts';
import { askServer } from './askServer.ts';
import { clearLocks } from './clearLocks.ts';
import { findInstallation, type Installation } from './findInstallation.ts';
import { findLostParts } from './findLostParts.ts';
import { findServer, type Server } from './findServer.ts';
import { isStopped } from './quickCheck.ts';
import { readMajor } from './readMajor.ts';
import type { Settings } from './settings.ts';
import { stampHost } from './stampHost.ts';
import { startServer } from './startServer.ts';
import { endAll, stopServer } from './stopServer.ts';
import { waitForServer } from './waitForServer.ts';

/** A server that does not answer within this is taken for hung. */
const answerWithinMs = 5_000;

/**
 *   answers ------------------------------------------> done
 *   starts up ----------------> wait for it ----------> done
 *   frozen, hung, stopping ---> stop it ---+
 *   orphans without postmaster -> end them +-> start -> done
 *   nothing -------------------------------+
 */
export async function bringUp(call: KitCall<Settings>, manner: 'orderly' | 'hard'): Promise<Outcome> {
  const begunAt = performance.now();
  const left = (): number => call.budgetMs - (performance.now() - begunAt);
  const { dataDirectory } = call.settings;
  // Clients wait: what only looks is looked at side by side.
  const [installation, lost, server] = await Promise.all([
    findInstallation(call, manner === 'hard' ? 'as known' : 'look up'),
    findLostParts(dataDirectory),
    findServer(dataDirectory),
  ]);
  if ('result' in installation) return installation;
  if (lost.length > 0) {
    return failed(
      lost.join('; '),
      'mount what is missing: the resource should need those file systems as well',
    );
  }

  const notOurs = await stampHost(call, installation);
  if (notOurs !== undefined) return notOurs;

  const found = await lookAtRunning(call, installation, { server, leftMs: left() });
  if (found !== 'none' && found !== 'hung') return found;
  const stopped =
    found === 'none'
      ? await endAll(call)
      : await stopServer(call, { manner, withinMs: Math.max(1_000, left() / 2) });
  if (!stopped.isGone) return failed(stopped.says, stopped.todo);
  closeKept(call.memory);
  const other = await otherVersion(call, installation);
  if (other !== undefined) return other;
  if (call.signal.aborted) return failed('told to stop before it was started', 'restore again');

  const cleared = await clearLocks(call, installation);
  const started = await startServer(call, installation, left());
  if (started.result === 'failed') return started;
  const before = [found === 'hung' ? `the one that hung was ended: ${stopped.says}` : stopped.says, cleared];
  return done([started.evidence, ...before].filter((words) => words !== '').join('; '));
}

/** The programs in a folder that was given may be of any version. */
async function otherVersion(
  call: KitCall<Settings>,
  { bin, version }: Installation,
): Promise<Outcome | undefined> {
  if (call.settings.binDirectory === undefined) return undefined;
  const printed = await call.run([`${bin}/postgres`, '--version'], { budgetMs: 5_000 });
  const major = readMajor(printed.stdout);
  if (major === version) return undefined;
  return failed(
    `${bin}/postgres is of version ${major ?? `unknown (${printed.says})`}, and the data are of version ${version}`,
    `set binDirectory to the programs of version ${version}, or leave it out`,
  );
}

async function lookAtRunning(
  call: KitCall<Settings>,
  installation: Installation,
  { server: { postmaster, pidFile }, leftMs }: Readonly<{ server: Server; leftMs: number }>,
): Promise<Outcome | 'none' | 'hung'> {
  if (postmaster === undefined) return 'none';
  if (isStopped(postmaster) || pidFile?.status === 'stopping') return 'hung';
  if (pidFile?.status === 'starting') {
    return waitForServer(call, installation, { withinMs: leftMs, logFrom: undefined });
  }
  const answer = await askServer(call, installation, Math.min(answerWithinMs, leftMs / 4));
  const who = `postmaster ${postmaster.pid}`;
  if (answer.finding === 'in-service' || answer.finding === 'degraded') {
    return done(`it runs already, ${who}: ${answer.says}`);
  }
  if (answer.finding === 'unknown') {
    return failed(
      `${who} runs, and cannot be asked: ${answer.says}`,
      'let the check in: set user and database, see pg_hba.conf',
    );
  }
  return 'hung';
}
