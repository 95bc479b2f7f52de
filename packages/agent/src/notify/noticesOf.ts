import { type AgentEvent, assertNever, isInService, type State } from '@holdfast/core';
import { type Notice, notice } from './notice.ts';

type Known = {
  cause: string;
  tags: readonly string[];
  commands: readonly string[];
  isRepair: boolean;
  done: string[];
  failed: string[];
  todo: string;
};

const operationsMax = 200;
const linesMax = 20;

/**
 * Turns events into notices: most events are none, and some are one only together with what went before, such as the
 * end of an operation. What it remembers is bounded.
 */
export class NoticeReader {
  readonly #operations = new Map<string, Known>();

  read(event: AgentEvent): readonly Notice[] {
    const { at } = event;
    switch (event.kind) {
      case 'operation-begun':
        return this.#begun(event);
      case 'step-begun':
        return [];
      case 'step-ended':
        this.#stepEnded(event);
        return [];
      case 'operation-ended':
        return this.#ended(event);
      case 'state-changed':
        return failedState(event);
      case 'check-failed':
        return [
          notice('check-failed', at, {
            tags: [event.tag],
            what: `a check of ${event.tag} found it ${sayFinding(event.finding)}`,
            why: event.evidence,
          }),
        ];
      case 'given-up':
        return [
          notice('given-up', at, {
            tags: [event.tag],
            what: `${event.tag} is down, and nothing more is done about it by itself`,
            why: event.says,
            todo: event.todo || `mend the cause, then restore it: perform_action -t ${event.tag} -a restore`,
          }),
        ];
      case 'conditions-changed':
        return conditions(event);
      case 'moved':
        return [
          notice('moved', at, {
            tags: event.tags,
            what: `${event.hierarchy} was taken over from ${event.from} by ${event.to}`,
            todo: `see what is with ${event.from}: holdfast status there`,
          }),
        ];
      case 'command-ended':
        return event.result === 'failed' ? [commandFailed(event)] : [];
      case 'adopted':
        return [notice('adopted', at, { tags: [event.tag], what: `${event.tag} was ${event.says}` })];
      case 'configuration-applied':
        return [
          notice('configuration-applied', at, {
            what: `configuration ${event.generation} was applied by ${event.by}`,
          }),
        ];
      case 'paused':
        return [
          notice('paused', at, {
            tags: event.tags,
            what: `protection was paused by ${event.by}: ${event.tags.join(', ')}`,
            why: event.why,
          }),
        ];
      case 'resumed':
        return [
          notice('resumed', at, {
            tags: event.tags,
            what: `protection was resumed by ${event.by}: ${event.tags.join(', ')}`,
          }),
        ];
      case 'readiness-changed':
        return [readiness(event)];
      case 'fence-begun':
        return [];
      case 'fence-ended':
        return fenceEnded(event);
      case 'confirmed-down':
        return [
          notice('fenced', at, {
            what: `${event.by} confirmed that ${event.node} is down`,
            why: event.why,
            done: ['what it had may be taken over'],
          }),
        ];
      case 'agent-started':
        return [started(event)];
      case 'agent-stopping':
        return [notice('agent-stopping', at, { what: event.says })];
      // Whoever commands sees how the scripts around the command went; what follows of it is told below.
      case 'script-ended':
      case 'agent-stopped':
        return [];
      default:
        return assertNever(event);
    }
  }

  #begun(event: Extract<AgentEvent, { kind: 'operation-begun' }>): Notice[] {
    const { operation, cause, commands, steps, at } = event;
    const tags = [...new Set(steps.map(({ tag }) => tag))];
    const isRepair =
      commands.length === 0 &&
      steps.some(({ because: { code } }) => code === 'check-failed' || code === 'recover-failed');
    this.#operations.set(operation, { cause, tags, commands, isRepair, done: [], failed: [], todo: '' });
    const [oldest] = this.#operations.keys();
    if (this.#operations.size > operationsMax && oldest !== undefined) this.#operations.delete(oldest);
    const strangers = steps.filter(({ because: { code } }) => code === 'owned-elsewhere');
    return strangers.map(({ tag, because }) =>
      notice('conflict', at, {
        tags: [tag],
        operation,
        what: `${tag} runs here, and another node has the claim of its hierarchy`,
        why: because.says,
        done: ['it is being removed here'],
        todo: 'see both nodes before anything is started again: holdfast status, holdfast history',
      }),
    );
  }

  #stepEnded({ operation, action, tag, result, evidence, todo, tookMs }: StepEnded): void {
    const known = this.#operations.get(operation);
    if (known === undefined) return;
    const took = `${action} of ${tag}: ${result}${result === 'skipped' ? '' : ` (${Math.round(tookMs)} ms)`}`;
    if (known.done.length < linesMax) known.done.push(took);
    if (result !== 'failed') return;
    if (known.failed.length < linesMax) known.failed.push(`${action} of ${tag} failed: ${evidence}`);
    known.todo ||= todo;
  }

  #ended({ operation, result, at, tookMs }: Extract<AgentEvent, { kind: 'operation-ended' }>): Notice[] {
    const known = this.#operations.get(operation);
    this.#operations.delete(operation);
    if (known === undefined || result === 'cancelled') return [];
    const { tags, done, failed, todo, cause, commands, isRepair } = known;
    const about = { tags, operation, done };
    if (result === 'failed') {
      // A command that failed is told by its own end, which knows what it was to do.
      if (commands.length > 0) return [];
      const what = `the repair of ${tags.join(', ')} failed`;
      return [notice('resource-failed', at, { ...about, what, why: failed.join('; ') || cause, todo })];
    }
    if (isRepair) {
      const what = `${tags.join(', ')} ${tags.length === 1 ? 'was' : 'were'} repaired here in ${Math.round(tookMs)} ms`;
      return [notice('recovered', at, { ...about, what, why: cause })];
    }
    return commands.length === 0 ? [] : [notice('command-done', at, { ...about, what: `done: ${cause}` })];
  }
}

type StepEnded = Extract<AgentEvent, { kind: 'step-ended' }>;

function failedState({
  tag,
  from,
  to,
  reason,
  at,
}: Extract<AgentEvent, { kind: 'state-changed' }>): Notice[] {
  if (to !== 'OSF') return [];
  const what = isInService(from as State) ? `${tag} failed while it was in service` : `${tag} failed`;
  return [notice('resource-failed', at, { tags: [tag], what, why: reason })];
}

function conditions({
  tag,
  began,
  ended,
  at,
}: Extract<AgentEvent, { kind: 'conditions-changed' }>): Notice[] {
  return [
    ...began.map(({ code, says }) =>
      notice('condition', at, { tags: [tag], what: `${tag}: ${says}`, why: `condition ${code}` }),
    ),
    ...ended.map(({ code, says }) =>
      notice('condition-over', at, {
        tags: [tag],
        what: `over for ${tag}: ${says}`,
        why: `condition ${code}`,
      }),
    ),
  ];
}

function fenceEnded({
  at,
  node,
  result,
  says,
  todo,
}: Extract<AgentEvent, { kind: 'fence-ended' }>): Notice[] {
  if (result === 'void') return [];
  if (result === 'confirmed')
    return [
      notice('fenced', at, {
        what: `${node} was fenced`,
        why: `it gave no sign of life, and had not let go of what it ran; ${says}`,
        done: ['what it had may be taken over'],
        todo: `see what is with ${node} before it joins again`,
      }),
    ];
  const what = `${node} could not be fenced: what it had waits`;
  return [notice('fence-failed', at, { what, why: says, todo })];
}

function commandFailed({ at, unmet }: Extract<AgentEvent, { kind: 'command-ended' }>): Notice {
  return notice('command-failed', at, {
    tags: unmet.map(({ tag }) => tag),
    what: 'what was commanded was not all done',
    why: unmet.map(({ tag, state, says }) => `${tag} is ${state}: ${says}`).join('; '),
    todo: `see why: holdfast why ${unmet[0]?.tag ?? 'TAG'}`,
  });
}

function started({ at, after, says }: Extract<AgentEvent, { kind: 'agent-started' }>): Notice {
  if (after === 'stop') return notice('agent-started', at, { what: says });
  return notice('agent-crashed', at, {
    what: says,
    done: ['every resource was checked, and what runs was adopted as it is'],
    todo: 'see what ended it: holdfast history, and the log of the agent and of the kernel',
  });
}

function readiness(event: Extract<AgentEvent, { kind: 'readiness-changed' }>): Notice {
  const { at, tag, ready, evidence, todo } = event;
  if (ready)
    return notice('ready-again', at, {
      tags: [tag],
      what: `this node could run ${tag} again`,
      why: evidence,
    });
  const what = `this node could not run ${tag} if it had to`;
  return notice('not-ready', at, { tags: [tag], what, why: evidence, todo });
}

function sayFinding(finding: string): string {
  switch (finding) {
    case 'timeout':
      return 'too slow to answer';
    case 'unknown':
      return 'impossible to check';
    default:
      return finding.replaceAll('-', ' ');
  }
}
