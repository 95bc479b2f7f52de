import { askOnce, type CheckResult, type Condition, found, type KitCall } from '@holdfast/kit';
import { runStatement } from './askServer.ts';
import { findDeafAddresses } from './findDeafAddresses.ts';
import { findInstallation, type Installation } from './findInstallation.ts';
import { findLostParts } from './findLostParts.ts';
import { findServer } from './findServer.ts';
import { quickCheck } from './quickCheck.ts';
import type { Settings } from './settings.ts';
import { tryWriting } from './tryWriting.ts';

const keptMs = 500;

/**
 * Goes through the log as every commit does, waits for the disk, and for a standby where commits wait for one. It
 * needs no table, so nothing of the operator's is touched, and nobody reads it: a logical decoder passes over what
 * has another prefix than its own.
 */
const write =
  "select current_setting('listen_addresses'), pg_logical_emit_message(true, 'holdfast', 'deep check')";

/**
 * What a quick check cannot see: a new client is let in, on all addresses; nothing is missing of the data; and they
 * can be written. The file comes before the log: on a disk that is read-only a server that must write its log panics.
 */
export async function deepCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const begunAt = performance.now();
  const left = (): number => call.budgetMs - keptMs - (performance.now() - begunAt);
  const { settings, signal } = call;
  const { dataDirectory } = settings;
  const quick = await quickCheck({ ...call, budgetMs: Math.min(call.budgetMs / 2, 5_000) });
  if (quick.finding !== 'in-service') return quick;
  const conditions = quick.conditions ?? [];

  const disk = await askOnce(`postgresql deep ${dataDirectory}`, () => lookAtDisk(call), {
    withinMs: left() / 2,
    signal,
  });
  if (disk === undefined) return found('timeout', `${dataDirectory} cannot be written in time`, conditions);
  if ('finding' in disk) return found(disk.finding, disk.evidence, conditions);
  if (conditions.some(({ code }) => code === 'in-recovery')) return quick;
  return writeLog(call, { ...disk, quick, conditions, withinMs: left() });
}

async function lookAtDisk(call: KitCall<Settings>): Promise<CheckResult | { installation: Installation }> {
  const { dataDirectory } = call.settings;
  const lost = await findLostParts(dataDirectory);
  if (lost.length > 0) return found('failed', lost.join('; '));
  const installation = await findInstallation(call);
  if ('result' in installation) return found('unknown', installation.evidence);
  return (await tryWriting(dataDirectory, installation.owner)) ?? { installation };
}

type LogWrite = Readonly<{
  installation: Installation;
  quick: CheckResult;
  conditions: readonly Condition[];
  withinMs: number;
}>;

async function writeLog(
  call: KitCall<Settings>,
  { installation, quick, conditions, withinMs }: LogWrite,
): Promise<CheckResult> {
  const { port, dataDirectory } = call.settings;
  const written = await runStatement(call, installation, { statement: write, withinMs });
  if ('refused' in written) {
    return found(written.refused.finding, `a new client cannot write: ${written.refused.says}`, conditions);
  }
  const { postmaster } = await findServer(dataDirectory);
  const [listenAddresses = '', position] = written.output.split('|');
  const deaf = postmaster === undefined ? [] : await findDeafAddresses(postmaster, { listenAddresses, port });
  if (deaf === 'gone') return found('failed', 'its postmaster ended during the check');
  if (deaf.length > 0) {
    const says = `it does not listen on ${deaf.join(', ')}, which listen_addresses names: it was not there at the start; restart it when that suits`;
    return found('degraded', says, [...conditions, { code: 'not-listening', says }]);
  }
  return found('in-service', `${quick.evidence}; wrote the log at ${position}`, conditions);
}
