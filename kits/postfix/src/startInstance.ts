import { done, failed, type KitCall, type Outcome, type ProcessEntry, waitUntil } from '@holdfast/kit';
import { askServer } from './askServer.ts';
import type { Endpoint } from './findEndpoints.ts';
import { findInstance } from './findInstance.ts';
import { lastWords, logFileOf, sizeOf } from './lastWords.ts';
import type { Configuration } from './readConfiguration.ts';
import type { Settings } from './settings.ts';

/** Time to greet for one whose log has a fatal error in it: the error may be another instance's. */
const graceMs = 500;

/** Postfix's own start looks at each file of the queue first, and is waited for as long as the budget lasts. */
export async function startInstance(
  call: KitCall<Settings>,
  configuration: Configuration,
  asked: readonly Endpoint[],
  withinMs: number,
): Promise<Outcome> {
  const { settings, signal } = call;
  const { configDirectory, commandDirectory } = settings;
  const begunAt = performance.now();
  const left = (): number => withinMs - (performance.now() - begunAt);
  const log = logFileOf(settings, configuration);
  const logFrom = await sizeOf(log);
  const failure = async (says: string): Promise<Outcome> => {
    const words = await lastWords(log, logFrom);
    return failed(
      [says, words].filter(Boolean).join('; '),
      words === ''
        ? `look for its words in the mail log; with maillog_file in main.cf they are seen here. By hand: postfix -c ${configDirectory} check`
        : `correct what it names, and restore again; its log is ${log}`,
    );
  };
  const started = await call.run([`${commandDirectory}/postfix`, '-c', configDirectory, 'start'], {
    budgetMs: Math.max(1, left()),
    cwd: '/',
    signal,
  });
  if (!started.ok) return failure(started.says);

  const over = new AbortController();
  const wait = {
    withinMs: Math.min(left(), settings.bannerTimeoutMs * 2),
    signal: AbortSignal.any([signal, over.signal]),
  };
  const said = { last: 'it does not greet' };
  const greeted = await Promise.race([
    waitForGreeting(settings, asked, wait, said),
    waitForFatalError(log, logFrom, wait),
  ]);
  over.abort();
  if (greeted === undefined) return failure(signal.aborted ? 'told to stop while it started' : said.last);
  const tookMs = Math.round(performance.now() - begunAt);
  const flushed = settings.flushAfterRestore ? await flush(call) : '';
  return done(`master ${greeted.pid}, ${said.last}, after ${tookMs} ms${flushed}`);
}

type Wait = Readonly<{ withinMs: number; signal: AbortSignal }>;

async function waitForGreeting(
  settings: Settings,
  asked: readonly Endpoint[],
  wait: Wait,
  said: { last: string },
): Promise<ProcessEntry | undefined> {
  const master = await waitUntil(async () => {
    const instance = await findInstance(settings);
    if (instance.master === undefined) return instance.all.length === 0 ? 'gone' : undefined;
    const withinMs = Math.min(settings.bannerTimeoutMs, wait.withinMs);
    const answer = await askServer(wait, asked, instance, withinMs);
    if (!wait.signal.aborted) said.last = answer.says;
    return answer.finding === 'in-service' || answer.finding === 'degraded' ? instance.master : undefined;
  }, wait);
  if (master !== 'gone') return master;
  if (!wait.signal.aborted) said.last = 'its master ended';
  return undefined;
}

/** What ends before it can greet is throttled by the master for a minute: to wait on would bring nothing. */
async function waitForFatalError(log: string, from: number, wait: Wait): Promise<undefined> {
  const isFatal = async () => ((await lastWords(log, from)).includes('fatal:') ? true : undefined);
  if ((await waitUntil(isFatal, wait)) === undefined) return undefined;
  return waitUntil<never>(() => undefined, { ...wait, withinMs: graceMs }) as Promise<undefined>;
}

/** What could not be delivered from where it was may well be from here. A queue that is not flushed tries later. */
async function flush({ settings, run, signal }: KitCall<Settings>): Promise<string> {
  const { configDirectory, commandDirectory } = settings;
  const flushed = await run([`${commandDirectory}/postqueue`, '-c', configDirectory, '-f'], {
    budgetMs: 5_000,
    signal,
  });
  return flushed.ok ? '; deferred mail is tried again' : `; its queue was not flushed: ${flushed.says}`;
}
