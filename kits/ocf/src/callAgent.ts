import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { KitCall, RunResult } from '@holdfast/kit';
import { endTree, findTree } from './endTree.ts';
import { hideSecrets, type Revealed } from './secrets.ts';
import type { Settings } from './settings.ts';

export type AgentAction = 'start' | 'stop' | 'monitor' | 'validate-all' | 'meta-data';

export type AgentRequest = Readonly<{
  file: string;
  action: AgentAction;
  parameters: Revealed;
  budgetMs: number;
  /** Of a monitor: 0 is a probe, in which agents forgive what a node that stands by does not have. */
  intervalMs?: number;
  /** OCF_CHECK_LEVEL of a monitor. */
  level?: number;
}>;

export type AgentAnswer = Readonly<{
  /** Undefined when it did not exit by itself. */
  code: number | undefined;
  ending: RunResult['ending'];
  /** What it gave as the reason, else its last words: one line, without secrets. */
  says: string;
  stdout: string;
  tookMs: number;
}>;

/** Where agents keep marks between their calls; the name is the one that Debian's agents would take by themselves. */
export const temporaryFolder = '/run/resource-agents';

/**
 * Calls one action of the agent, as a cluster manager would: parameters in the environment, nothing in arguments. What
 * it started and did not detach ends with it when the time is over.
 */
export async function callAgent(call: KitCall<Settings>, request: AgentRequest): Promise<AgentAnswer> {
  const mark = `HOLDFAST_OCF_CALL=${randomUUID()}`;
  const stop = new AbortController();
  let tree: Awaited<ReturnType<typeof findTree>> | undefined;
  let isOver = false;
  const end = async (): Promise<void> => {
    if (isOver || tree !== undefined) return;
    tree = [];
    // Looked for while their parents live: an orphan cannot be told from a daemon.
    tree = await findTree((pid) => hasInEnvironment(pid, mark)).catch(() => []);
    stop.abort();
  };
  const budgetMs = Math.max(1, Math.round(request.budgetMs));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void end();
  }, budgetMs);
  const onAbort = (): void => void end();
  call.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const ended = call.signal.aborted
      ? await call.run([request.file, request.action], { budgetMs, signal: call.signal })
      : await call.run([request.file, request.action], {
          env: environment(call, { ...request, budgetMs }, mark),
          cwd: '/',
          // A little more than ours: the tree is looked for first.
          budgetMs: budgetMs + 1_000,
          signal: stop.signal,
        });
    isOver = true;
    if (tree !== undefined) await endTree(tree);
    return answerOf(ended, isLate, request);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', onAbort);
  }
}

function answerOf(
  ended: RunResult,
  isLate: boolean,
  { action, parameters, budgetMs }: AgentRequest,
): AgentAnswer {
  const ending = isLate && ended.ending === 'aborted' ? 'budget' : ended.ending;
  const words = lastWords(ended.stderr) ?? lastWords(ended.stdout);
  const how = {
    exited: words ?? '',
    signalled: `ended by ${ended.signal}`,
    budget: `no answer within ${Math.round(budgetMs)} ms${words === undefined ? '' : `; last it said: ${words}`}`,
    aborted: 'no longer wanted',
    'not-started': ended.startError ?? 'not started',
  }[ending];
  return {
    code: ending === 'exited' ? ended.exitCode : undefined,
    ending,
    says: hideSecrets(how, parameters.secrets),
    stdout: action === 'meta-data' ? ended.stdout : '',
    tookMs: ended.tookMs,
  };
}

/** The reason in the form that agents have for it, else the last error, else the last line. */
function lastWords(text: string): string | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const last =
    lines.findLast((line) => line.startsWith('ocf-exit-reason:')) ??
    lines.findLast((line) => /\b(ERROR|CRIT):/.test(line)) ??
    lines.at(-1);
  return last?.replace(/^ocf-exit-reason:/, '').slice(-500);
}

function environment(
  { tag, node, settings }: KitCall<Settings>,
  { action, parameters, budgetMs, intervalMs, level }: AgentRequest,
  mark: string,
): Record<string, string> {
  const own = Object.entries(parameters.values).map(
    ([name, value]) => [`OCF_RESKEY_${name}`, value] as const,
  );
  const ofMonitor = {
    OCF_CHECK_LEVEL: String(level ?? 0),
    OCF_RESKEY_CRM_meta_interval: String(intervalMs ?? 0),
  };
  return {
    ...Object.fromEntries(own),
    HOME: '/root',
    OCF_ROOT: settings.root,
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '0',
    OCF_RESOURCE_TYPE: settings.agent,
    OCF_RESOURCE_PROVIDER: settings.provider,
    // Agents make names of files from it; a tag may have a slash, and no percent sign.
    OCF_RESOURCE_INSTANCE: tag.replaceAll('/', '%2F'),
    OCF_RESKEY_CRM_meta_name: action,
    OCF_RESKEY_CRM_meta_timeout: String(budgetMs),
    OCF_RESKEY_CRM_meta_on_node: node,
    ...(action === 'monitor' ? ofMonitor : { OCF_RESKEY_CRM_meta_interval: '0' }),
    HA_RSCTMP: temporaryFolder,
    [mark.split('=')[0]!]: mark.split('=')[1]!,
  };
}

async function hasInEnvironment(pid: number, mark: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return text.split('\0').includes(mark);
}
