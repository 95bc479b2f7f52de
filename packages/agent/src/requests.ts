import {
  answerCommand,
  type CheckAnswer,
  type Command,
  type CommandAnswer,
  type commandRequest,
  decide,
  explain,
  type Intent,
  type NodeName,
  type NodeRequest,
  type Note,
  ok,
  type ReplayAnswer,
  type Result,
  readDocument,
  refuse,
  type Step,
  type Tag,
  unknownResource,
  type View,
  type WhyAnswer,
} from '@holdfast/core';
import type { Write } from '@holdfast/store';
import type { z } from 'zod';
import type { Checks } from './checks.ts';
import type { Commands } from './commands.ts';
import type { Events } from './events.ts';
import type { GlobalScripts, ScriptSubject } from './globalScripts.ts';
import { keys } from './keys.ts';
import { OneByOne } from './oneByOne.ts';
import type { Operations } from './operations.ts';
import type { AgentPorts } from './ports.ts';
import { configurationRecord } from './storedRecords.ts';
import { Overtaken, type World } from './world.ts';

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  events: Events;
  operations: Operations;
  checks: Checks;
  commands: Commands;
  scripts: GlobalScripts;
  view: () => View;
  /** What waits for a fence or a person, beside what is decided. */
  waiting: () => readonly Note[];
  onChange: () => void;
}>;

const triesMax = 3;

/** What callers of the agent ask for about resources: commands, checks, and why things are as they are. */
export class Requests {
  readonly #given: Given;
  /** A command is answered from the world that the one before it left. */
  readonly #oneByOne = new OneByOne();
  #commandCount = 0;

  constructor(given: Given) {
    this.#given = given;
  }

  /** Stores what the operator wants; the loop does it. The answer has the plan that it leads to. */
  async command(request: z.output<typeof commandRequest>): Promise<Result<CommandAnswer>> {
    const { scripts } = this.#given;
    const subject = { action: request.action, tags: [request.tag], args: request.args };
    if (!this.#hasScripts(request)) return this.#oneByOne.run(() => this.#again(request, undefined));
    // Not in the queue of commands: a script that takes its time must not hold up another command.
    const before = await scripts.before(subject);
    if (!before.ok) return before;
    const answer = await this.#oneByOne.run(() => this.#again(request, subject));
    if (!answer.ok) await scripts.after(subject, 'failed');
    return answer;
  }

  /** Where another node changed something at the same moment, the command is answered from what stands now. */
  async #again(
    ...call: [z.output<typeof commandRequest>, ScriptSubject | undefined]
  ): Promise<Result<CommandAnswer>> {
    for (let count = 1; ; count += 1) {
      try {
        return await this.#command(...call);
      } catch (error) {
        if (!(error instanceof Overtaken) || count >= triesMax) throw error;
      }
    }
  }

  /** Scripts run around steps: for a command that is refused, or has nothing to do, there are none to run. */
  #hasScripts(request: z.output<typeof commandRequest>): boolean {
    const { configuration } = this.#given.world;
    if (request.dryRun || request.skipScripts === true || configuration === undefined) return false;
    const answer = answerCommand(configuration, this.#given.view(), toCommand(request));
    return answer.ok && answer.value.plan.steps.length > 0;
  }

  async #command(
    request: z.output<typeof commandRequest>,
    subject: ScriptSubject | undefined,
  ): Promise<Result<CommandAnswer>> {
    const { configuration } = this.#given.world;
    if (configuration === undefined) return refuse(nothingApplied(request.tag));
    const answer = answerCommand(configuration, this.#given.view(), toCommand(request));
    if (!answer.ok) return answer;
    const { plan, want, intents: tags, request: move } = answer.value;
    const said = {
      steps: plan.steps.map((step) => ({ ...step, after: [...step.after] })),
      notes: [...plan.notes],
    };
    const fromEvent = this.#given.events.next;
    if (request.dryRun) return ok({ fromEvent, plan: said });

    const at = this.#given.ports.clock.wall();
    const { by, args } = request;
    const intents = new Map<Tag, Intent>();
    for (const tag of tags)
      intents.set(tag, { want, revision: this.#given.world.intentOf(tag).revision + 1, by, at, args });
    if (intents.size > 0) await this.#given.world.setIntents(intents, this.#ask(move, by, at));
    this.#commandCount += 1;
    const command = `${this.#given.ports.identity.session}-c${this.#commandCount}`;
    this.#given.ports.log.info(
      { event: 'command', command, action: request.action, tag: request.tag, by },
      `${request.action} of ${request.tag} by ${by}`,
    );
    this.#given.commands.add({
      id: command,
      says: `${request.action} of ${request.tag} by ${by}`,
      want,
      intents,
      ...(move === undefined ? {} : { on: move.node }),
      ...(subject === undefined ? {} : { afterwards: (result) => this.#afterwards(subject, result) }),
    });
    this.#given.operations.overtake();
    this.#given.onChange();
    return ok({ command, fromEvent, plan: said });
  }

  /** A node is asked for, and what was remembered against it is forgotten: whoever asks knows better. */
  #ask(move: NodeRequest | undefined, by: string, at: number): readonly Write[] {
    if (move === undefined) return [];
    const failure = keys.failure(move.node, move.id);
    return [
      { key: keys.request(move.id), value: { node: move.node, by, at } },
      ...(this.#given.world.failures.has(`${move.node}/${move.id}`)
        ? [{ key: failure, value: undefined }]
        : []),
    ];
  }

  async #afterwards(subject: ScriptSubject, result: 'done' | 'failed') {
    const problem = await this.#given.scripts.after(subject, result);
    const tag = subject.tags[0] as Tag;
    if (problem === undefined) return undefined;
    return { tag, state: this.#given.world.stateOf(tag).state, says: `${problem.what}: ${problem.why}` };
  }

  /** One check of one resource, now; it is told and changes nothing. */
  async check(request: {
    tag: string;
    action: 'quickCheck' | 'deepCheck';
    args: readonly string[];
  }): Promise<Result<CheckAnswer>> {
    const { configuration } = this.#given.world;
    if (configuration === undefined) return refuse(nothingApplied(request.tag));
    const resource = configuration.resources.get(request.tag as Tag);
    if (resource === undefined) return refuse(unknownResource(configuration, request.tag));
    const { finding, evidence, tookMs } = await this.#given.checks.ask(
      resource,
      request.action,
      request.args,
    );
    return ok({ finding, evidence, tookMs });
  }

  /** Why a resource stands as it does, from the view and the decision from which the agent acts. */
  why(tag: string): Result<WhyAnswer> {
    const { configuration } = this.#given.world;
    if (configuration === undefined) return refuse(nothingApplied(tag));
    if (!configuration.resources.has(tag as Tag)) return refuse(unknownResource(configuration, tag));
    const view = this.#given.view();
    const decision = decide(configuration, view);
    const blocked = [...this.#given.waiting(), ...decision.blocked];
    const { because, would, ...rest } = explain(configuration, view, { ...decision, blocked }, tag as Tag);
    return ok({ ...rest, because: [...because], would: [...would] });
  }

  /** Decides again about the view that an operation came from, under the configuration of then and the rules of now. */
  async replay(id: string): Promise<ReplayAnswer | undefined> {
    const kept = await this.#given.ports.journal.decisionOf(id);
    if (kept === undefined) return undefined;
    const { generation } = kept.view;
    const [record] = (await this.#given.ports.store.read(keys.configurationOf(generation))).entries;
    // A generation of long ago is no longer kept, and what was decided under it can not be decided again.
    if (record === undefined) return undefined;
    const { document } = configurationRecord.parse(record.value);
    const read = readDocument(document, await this.#given.ports.kits.typesFor(document, document));
    if (!read.ok) return undefined;
    const now = decide(read.value, kept.view).plans.flatMap(({ steps }) => steps);
    const names = (steps: readonly Step[]): string[] =>
      steps.map(
        ({ action, tag, after }) =>
          `${action} ${tag}${after.length === 0 ? '' : ` after ${after.join(', ')}`}`,
      );
    const [before, after] = [
      names(kept.plan.steps),
      names(now.filter(({ tag }) => kept.plan.steps.some((step) => step.tag === tag))),
    ];
    const onlyThen = before.filter((name) => !after.includes(name));
    const onlyNow = after.filter((name) => !before.includes(name));
    return { id, generation, isSame: onlyThen.length === 0 && onlyNow.length === 0, onlyThen, onlyNow };
  }
}

function toCommand(request: z.output<typeof commandRequest>): Command {
  const tag = request.tag as Tag;
  if (request.action === 'restore') {
    const { parents, refuseIfElsewhere, node } = request;
    const there = node === undefined ? {} : { node: node as NodeName };
    return { action: 'restore', tag, parents, refuseIfElsewhere, ...there };
  }
  return { action: 'remove', tag, reach: request.reach, here: request.here === true };
}

function nothingApplied(tag: string) {
  return {
    code: 'UNKNOWN_RESOURCE' as const,
    path: tag,
    what: `There is no resource ${tag}`,
    why: 'no configuration was applied yet',
    todo: 'write one and apply it: holdfast apply FILE',
  };
}
