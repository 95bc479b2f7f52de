import { ok, type Problem, type Result, refuse } from '@holdfast/core';
import type { Events } from './events.ts';
import type { AgentPorts, ScriptMoment } from './ports.ts';
import type { World } from './world.ts';

type Given = Readonly<{ ports: AgentPorts; world: World; events: Events }>;
type Around = 'restore' | 'remove' | 'delete';

/** What a script is told of: what is done, to what, and with the operator's own words. */
export type ScriptSubject = Readonly<{ action: Around; tags: readonly string[]; args: readonly string[] }>;

/** Says on this node that what ran before an action ran, and what runs after it is owed. */
const owedFlag = (action: Around) => `!${action}`;

/**
 * The operator's own programs around what a command does: those of `pre-restore.d` before its first step, those of
 * `post-restore.d` after its last, once for the whole of it. One that fails before keeps the command from beginning:
 * nothing was touched yet, and a person is there to decide. One that fails after makes the command a failed one, and
 * undoes nothing. What the agent does by itself does not wait for them: a script that hangs must not keep a service
 * down at night.
 */
export class GlobalScripts {
  readonly #given: Given;
  readonly #owing = new Map<Around, number>();

  constructor(given: Given) {
    this.#given = given;
  }

  async before(subject: ScriptSubject): Promise<Result<undefined>> {
    const { action } = subject;
    const problem = await this.#runAll(`pre-${action}`, subject, undefined);
    if (problem !== undefined) return refuse(problem);
    const after = await this.#given.ports.scripts.find(`post-${action}`);
    this.#owing.set(action, (this.#owing.get(action) ?? 0) + 1);
    if (after.scripts.length + after.refusals.length > 0) await this.#owe(action);
    return ok(undefined);
  }

  /** Answers what went wrong. Called exactly once for each `before` that let the action begin. */
  async after(subject: ScriptSubject, result: 'done' | 'failed'): Promise<Problem | undefined> {
    const { action } = subject;
    const problem = await this.#runAll(`post-${action}`, subject, result);
    const left = (this.#owing.get(action) ?? 1) - 1;
    this.#owing.set(action, left);
    if (left === 0) await this.#settle(action);
    return problem;
  }

  /** An agent that died in between left its scripts owed: they run now, told that it is not known how it went. */
  async payOwed(): Promise<void> {
    for (const action of ['restore', 'remove', 'delete'] as const) {
      if (!this.#given.world.flags.has(owedFlag(action))) continue;
      await this.#runAll(`post-${action}`, { action, tags: [], args: [] }, 'failed');
      await this.#settle(action);
    }
  }

  async #runAll(
    moment: ScriptMoment,
    subject: ScriptSubject,
    result: 'done' | 'failed' | undefined,
  ): Promise<Problem | undefined> {
    const { ports, world } = this.#given;
    const { scripts, refusals } = await ports.scripts.find(moment);
    const [refusal] = refusals;
    if (refusal !== undefined) {
      this.#tell(moment, refusal.path, { result: 'refused', evidence: refusal.why, tookMs: 0 });
      return {
        code: 'GLOBAL_SCRIPT_REFUSED',
        path: refusal.path,
        what: `The global script ${refusal.path} is not run`,
        why: refusal.why,
        todo: refusal.todo,
      };
    }
    for (const script of scripts) {
      const ended = await ports.scripts.run(script, {
        args: subject.args,
        env: {
          HOLDFAST_WHEN: moment.slice(0, moment.indexOf('-')),
          HOLDFAST_ACTION: subject.action,
          HOLDFAST_TAGS: subject.tags.join(' '),
          HOLDFAST_NODE: ports.identity.node,
          HOLDFAST_GENERATION: String(world.record?.generation ?? 0),
          ...(result === undefined ? {} : { HOLDFAST_RESULT: result }),
        },
      });
      this.#tell(moment, script, ended);
      if (ended.result === 'failed') return failed(moment, script, ended.evidence);
    }
    return undefined;
  }

  #tell(
    moment: ScriptMoment,
    script: string,
    ended: { result: 'done' | 'failed' | 'refused'; evidence: string; tookMs: number },
  ): void {
    const { ports, events } = this.#given;
    events.emit({ kind: 'script-ended', moment, script, ...ended });
    const fields = { event: 'script-ended', moment, script, ...ended };
    if (ended.result === 'done') ports.log.info(fields, `${script} is done`);
    else ports.log.error(fields, `${script}: ${ended.result}: ${ended.evidence}`);
  }

  #owe(action: Around): Promise<void> {
    const record = { by: 'the agent', at: this.#given.ports.clock.wall() };
    return this.#given.world.setFlags(new Map([[owedFlag(action), record]]));
  }

  async #settle(action: Around): Promise<void> {
    if (this.#given.world.flags.has(owedFlag(action)))
      await this.#given.world.setFlags(new Map([[owedFlag(action), undefined]]));
  }
}

function failed(moment: ScriptMoment, script: string, evidence: string): Problem {
  const isBefore = moment.startsWith('pre-');
  return {
    code: 'GLOBAL_SCRIPT_FAILED',
    path: script,
    what: `The global script ${script} failed${isBefore ? ', so nothing was begun' : ''}`,
    why: evidence,
    todo: isBefore
      ? 'mend what it complains of, or give the command with -G, which runs no global scripts'
      : 'what was asked is done; do by hand what the script was to do',
  };
}
