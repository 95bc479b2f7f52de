import type {
  ActionAnswer,
  ActionRequest,
  AgentEvent,
  ApplyAnswer,
  applyRequest,
  CheckAnswer,
  CommandAnswer,
  CommandRequest,
  ConfigurationsAnswer,
  ConfirmationAnswer,
  ConfirmationRequest,
  ConfirmDownAnswer,
  ConfirmDownRequest,
  checkRequest,
  configurationAnswer,
  FenceNowAnswer,
  FenceNowRequest,
  FencesAnswer,
  FenceTestAnswer,
  FlagRequest,
  FlagsAnswer,
  GenerationAnswer,
  HistoryAnswer,
  NotifiersAnswer,
  NotifierTestAnswer,
  OperationAnswer,
  PauseAnswer,
  PauseRequest,
  PreflightAnswer,
  PreflightRequest,
  ReplayAnswer,
  ResumeRequest,
  Status,
  StopAnswer,
  StopRequest,
  SuspicionAnswer,
  SuspicionRequest,
  TypesAnswer,
  WhyAnswer,
} from '@holdfast/core';
import type { z } from 'zod';
import type { Answer } from './trouble.ts';
import { type Schema, understand } from './understand.ts';

type Core = typeof import('@holdfast/core/api');

/** The agent's API, a method for each address. Every answer is checked before it is handed on. */
export type Client = Readonly<{
  status: () => Promise<Answer<Status>>;
  configuration: () => Promise<Answer<z.infer<typeof configurationAnswer>>>;
  /** Only shows the difference when `dryRun`. */
  apply: (request: z.input<typeof applyRequest>) => Promise<Answer<ApplyAnswer>>;
  /** Answers when the intent is stored; follow it with `events` from its `fromEvent`. */
  command: (request: CommandRequest) => Promise<Answer<CommandAnswer>>;
  /** Makes one check now, and answers with what it found. */
  check: (request: z.input<typeof checkRequest>) => Promise<Answer<CheckAnswer>>;
  /** Any other action of a kit, on this resource alone. */
  perform: (request: ActionRequest) => Promise<Answer<ActionAnswer>>;
  /** Every generation of the configuration that is kept, newest first. */
  configurations: () => Promise<Answer<ConfigurationsAnswer>>;
  configurationOf: (generation: number) => Promise<Answer<GenerationAnswer>>;
  pause: (request: PauseRequest) => Promise<Answer<PauseAnswer>>;
  resume: (request: ResumeRequest) => Promise<Answer<PauseAnswer>>;
  /** Tells the agent to stop; follow it with `events` from its `fromEvent` until `agent-stopped`. */
  stop: (request: StopRequest) => Promise<Answer<StopAnswer>>;
  /** The types of the kits that the agent has loaded. */
  types: () => Promise<Answer<TypesAnswer>>;
  flags: () => Promise<Answer<FlagsAnswer>>;
  /** Could a node run a hierarchy, as a document would have it? */
  preflight: (request: PreflightRequest) => Promise<Answer<PreflightAnswer>>;
  /** Says whether what a node had that is down may be taken over. */
  confirmFailover: (request: ConfirmationRequest) => Promise<Answer<ConfirmationAnswer>>;
  createFlag: (request: FlagRequest) => Promise<Answer<FlagsAnswer>>;
  removeFlag: (request: FlagRequest) => Promise<Answer<FlagsAnswer>>;
  /** Has a resource checked at once, because of what somebody saw. */
  suspect: (request: SuspicionRequest) => Promise<Answer<SuspicionAnswer>>;
  notifiers: () => Promise<Answer<NotifiersAnswer>>;
  /** Sends a notifier a test message, and answers how that went. */
  testNotifier: (name: string, by: string) => Promise<Answer<NotifierTestAnswer>>;
  /** How each node would be fenced, and how that stands. */
  fences: () => Promise<Answer<FencesAnswer>>;
  /** Says that a node is down for sure. */
  confirmDown: (node: string, request: ConfirmDownRequest) => Promise<Answer<ConfirmDownAnswer>>;
  /** Answers when it is over. */
  fence: (node: string, request: FenceNowRequest) => Promise<Answer<FenceNowAnswer>>;
  testFence: (node: string, by: string) => Promise<Answer<FenceTestAnswer>>;
  /** Newest first. */
  operations: () => Promise<Answer<{ operations: OperationAnswer[] }>>;
  /** What the journal keeps since a moment, in its order. */
  history: (since: number) => Promise<Answer<HistoryAnswer>>;
  operation: (id: string) => Promise<Answer<OperationAnswer>>;
  /** Decides again about what an operation came from. */
  replay: (id: string) => Promise<Answer<ReplayAnswer>>;
  /** Why a resource stands as it does. */
  why: (tag: string) => Promise<Answer<WhyAnswer>>;
  /** The kept ones from this one on, then each as it happens; only new ones when `from` is undefined. */
  events: (from: number | undefined, signal: AbortSignal) => AsyncIterable<AgentEvent>;
}>;

export type ConnectOptions = Readonly<{
  socketPath: string;
  /** The node that is asked: the agent of this one hands the request on to it. This node when left out. */
  node?: string;
  /** Bound of a request. 30 s when left out. */
  boundMs?: number;
  /** Bound of a check, which takes as long as the policy of its resource allows. 15 min when left out. */
  checkBoundMs?: number;
}>;

/** Nothing is opened here: each request has a connection of its own. */
export function connect(options: ConnectOptions): Client {
  const { socketPath, node, boundMs = 30_000, checkBoundMs = 900_000 } = options;

  async function ask<Value>(
    request: { method: string; path: string; body?: unknown; boundMs?: number },
    schemaOf: (core: Core) => Schema<Value>,
  ): Promise<Answer<Value>> {
    const asked = { socketPath, boundMs, ...(node === undefined ? {} : { node }), ...request };
    // The connection and the schemas are not loaded by a status command that finds
    // what it needs in the file; the schemas come while the agent works on its answer.
    const { exchange } = await import('./exchange.ts');
    const [said, core] = await Promise.all([exchange(asked), import('@holdfast/core/api')]);
    if (!said.ok) return said;
    return understand(asked, said.value, { value: schemaOf(core), refusal: core.problemAnswer });
  }

  return {
    status: () => ask({ method: 'GET', path: '/v1/status' }, (core) => core.status),
    configuration: () =>
      ask({ method: 'GET', path: '/v1/configuration' }, (core) => core.configurationAnswer),
    // Both may wait for global scripts.
    apply: (body) =>
      ask(
        { method: 'PUT', path: '/v1/configuration', body, boundMs: checkBoundMs },
        (core) => core.applyAnswer,
      ),
    command: (body) =>
      ask(
        { method: 'POST', path: '/v1/commands', body, boundMs: checkBoundMs },
        (core) => core.commandAnswer,
      ),
    check: (body) =>
      ask({ method: 'POST', path: '/v1/checks', body, boundMs: checkBoundMs }, (core) => core.checkAnswer),
    perform: (body) =>
      ask({ method: 'POST', path: '/v1/actions', body, boundMs: checkBoundMs }, (core) => core.actionAnswer),
    configurations: () =>
      ask({ method: 'GET', path: '/v1/configurations' }, (core) => core.configurationsAnswer),
    configurationOf: (generation) =>
      ask({ method: 'GET', path: `/v1/configurations/${generation}` }, (core) => core.generationAnswer),
    pause: (body) => ask({ method: 'POST', path: '/v1/pauses', body }, (core) => core.pauseAnswer),
    resume: (body) => ask({ method: 'DELETE', path: '/v1/pauses', body }, (core) => core.pauseAnswer),
    stop: (body) => ask({ method: 'POST', path: '/v1/stop', body }, (core) => core.stopAnswer),
    notifiers: () => ask({ method: 'GET', path: '/v1/notifiers' }, (core) => core.notifiersAnswer),
    testNotifier: (name, by) =>
      ask(
        {
          method: 'POST',
          path: `/v1/notifiers/${encodeURIComponent(name)}/test`,
          body: { by },
          boundMs: checkBoundMs,
        },
        (core) => core.notifierTestAnswer,
      ),
    fences: () => ask({ method: 'GET', path: '/v1/fences' }, (core) => core.fencesAnswer),
    confirmDown: (node, body) =>
      ask({ method: 'POST', path: fencePath(node, '/confirm'), body }, (core) => core.confirmDownAnswer),
    fence: (node, body) =>
      ask(
        { method: 'POST', path: fencePath(node), body, boundMs: checkBoundMs },
        (core) => core.fenceNowAnswer,
      ),
    testFence: (node, by) =>
      ask(
        { method: 'POST', path: fencePath(node, '/test'), body: { by }, boundMs: checkBoundMs },
        (core) => core.fenceTestAnswer,
      ),
    operations: () => ask({ method: 'GET', path: '/v1/operations' }, (core) => core.operationsAnswer),
    history: (since) =>
      ask({ method: 'GET', path: `/v1/history?since=${since}` }, (core) => core.historyAnswer),
    types: () => ask({ method: 'GET', path: '/v1/types' }, (core) => core.typesAnswer),
    preflight: (body) =>
      ask(
        { method: 'POST', path: '/v1/preflights', body, boundMs: checkBoundMs },
        (core) => core.preflightAnswer,
      ),
    confirmFailover: (body) =>
      ask({ method: 'POST', path: '/v1/confirmations', body }, (core) => core.confirmationAnswer),
    flags: () => ask({ method: 'GET', path: '/v1/flags' }, (core) => core.flagsAnswer),
    createFlag: (body) => ask({ method: 'PUT', path: '/v1/flags', body }, (core) => core.flagsAnswer),
    removeFlag: (body) => ask({ method: 'DELETE', path: '/v1/flags', body }, (core) => core.flagsAnswer),
    suspect: (body) => ask({ method: 'POST', path: '/v1/suspicions', body }, (core) => core.suspicionAnswer),
    operation: (id) =>
      ask(
        { method: 'GET', path: `/v1/operations/${encodeURIComponent(id)}` },
        (core) => core.operationAnswer,
      ),
    replay: (id) =>
      ask(
        { method: 'GET', path: `/v1/operations/${encodeURIComponent(id)}/replay` },
        (core) => core.replayAnswer,
      ),
    why: (tag) =>
      ask({ method: 'GET', path: `/v1/why/${encodeURIComponent(tag)}` }, (core) => core.whyAnswer),
    events: (from, signal) => follow({ socketPath, node }, from, signal),
  };
}

function fencePath(node: string, rest = ''): string {
  return `/v1/fences/${encodeURIComponent(node)}${rest}`;
}

async function* follow(
  agent: Readonly<{ socketPath: string; node: string | undefined }>,
  from: number | undefined,
  signal: AbortSignal,
) {
  const { followEvents } = await import('./followEvents.ts');
  yield* followEvents(agent, from, signal);
}
