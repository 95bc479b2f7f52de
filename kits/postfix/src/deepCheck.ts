import { readdir, unlink } from 'node:fs/promises';
import { askOnce, type CheckResult, type Condition, found, type KitCall } from '@holdfast/kit';
import { sayEndpoint, talkTo } from './askServer.ts';
import { findLockHolder } from './findInstance.ts';
import { ask, lookInTime, type Sight } from './quickCheck.ts';
import type { Settings } from './settings.ts';

/** To count more would say no more. */
const countMax = 100_000;

/**
 * What quickCheck does, and then a write of the queue in two ways. A file of our own beside the pid file tells what
 * the disk does. And a mail that is begun and taken back makes Postfix itself write one: smtpd lets cleanup open a
 * queue file at the first recipient, and RSET deletes it. Nobody gets mail from a check.
 */
export async function deepCheck(call: KitCall<Settings>): Promise<CheckResult> {
  const begunAt = performance.now();
  const sight = await lookInTime(call);
  if ('finding' in sight) return sight;
  // Half of what is left for each part, so that the last one has some, too.
  const left = (): number => Math.max(1, (call.budgetMs - (performance.now() - begunAt)) / 2);
  const quick = await ask(call, sight, left());
  const { signal } = call;
  // The disk may have died since: what is read from it is waited for no longer than there is time.
  const seen = await askOnce(
    `postfix queue ${call.settings.queueDirectory}`,
    () => findConditions(call, sight),
    {
      withinMs: left(),
      signal,
    },
  );
  const conditions = [...(quick.conditions ?? []), ...(seen ?? [])];
  if (quick.finding !== 'in-service' && quick.finding !== 'degraded') return { ...quick, conditions };

  const probe = `${call.settings.queueDirectory}/pid/holdfast.probe`;
  const written = await call.run(
    ['dd', 'if=/dev/zero', `of=${probe}`, 'bs=4096', 'count=1', 'conv=fsync', 'status=none'],
    { budgetMs: left(), signal },
  );
  if (!written.ok) {
    if (written.ending === 'aborted') return found('unknown', written.says, conditions);
    const finding =
      written.ending === 'budget' ? 'timeout' : /No space left/.test(written.stderr) ? 'degraded' : 'failed';
    return found(finding, `the queue cannot be written: ${written.says}`, conditions);
  }
  const unlinked = unlink(probe).catch(() => undefined);
  await askOnce(`postfix probe ${probe}`, () => unlinked, { withinMs: left(), signal });
  const mail = await beginMail(call, sight, left());
  if (mail !== undefined) return found(mail.finding, mail.evidence, conditions);
  return found(quick.finding, `${quick.evidence}; its queue was written`, conditions);
}

/** Undefined when Postfix has written, or when nobody can be asked. */
async function beginMail(
  call: KitCall<Settings>,
  { endpoints, who }: Sight,
  withinMs: number,
): Promise<CheckResult | undefined> {
  const endpoint = endpoints.find(({ service }) => service?.program === 'smtpd');
  if (endpoint === undefined) return undefined;
  const steps = [
    { say: 'MAIL FROM:<>', expect: 250 },
    { say: 'RCPT TO:<postmaster>', expect: 250 },
    { say: 'RSET', expect: 250 },
  ];
  const talk = await talkTo(endpoint, steps, withinMs, call.signal);
  if (talk.ending === 'done') return undefined;
  const says = `${who}, ${sayEndpoint(endpoint)}, after ${talk.after || 'the connection'}: ${talk.says}`;
  if (talk.ending === 'aborted') return found('unknown', says);
  if (talk.ending === 'timeout') return found('timeout', says);
  if (talk.ending !== 'reply') return found('failed', says);
  if (talk.code === 452) return found('degraded', says);
  // 451: it could not write its queue. Another refusal is a rule about who may send what: it works.
  return talk.code === 451 ? found('failed', says) : undefined;
}

async function findConditions(
  { settings }: KitCall<Settings>,
  { configuration, instance }: Sight,
): Promise<readonly Condition[]> {
  const conditions: Condition[] = configuration.warnings.map((says) => ({ code: 'configuration', says }));
  const deferred = await countFiles(`${settings.queueDirectory}/deferred`);
  if (deferred > settings.deferredMax) {
    const says = `${deferred} messages are deferred; look where they should go: postqueue -c ${settings.configDirectory} -p`;
    conditions.push({ code: 'deferred-mail', says });
  }
  const holder = await findLockHolder(`${configuration.dataDirectory}/master.lock`);
  if (holder !== undefined && holder.entry.pid !== instance.master?.pid) {
    const says = `${configuration.dataDirectory} is used by the master ${holder.entry.pid} of ${holder.configDirectory} as well`;
    conditions.push({ code: 'data-directory-shared', says });
  }
  return conditions;
}

/** Postfix spreads a queue over folders of one letter. */
async function countFiles(folder: string): Promise<number> {
  let count = 0;
  const folders = [folder];
  for (let at = 0; at < folders.length && count < countMax; at += 1) {
    for (const entry of await readdir(folders[at]!, { withFileTypes: true }).catch(() => [])) {
      if (entry.isDirectory()) folders.push(`${folders[at]}/${entry.name}`);
      else count += 1;
    }
  }
  return count;
}
