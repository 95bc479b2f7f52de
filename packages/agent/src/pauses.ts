import {
  ok,
  type Pause,
  type PauseAnswer,
  type pauseRequest,
  type Result,
  refuse,
  type resumeRequest,
  type Tag,
  unknownResource,
} from '@holdfast/core';
import type { z } from 'zod';
import { announceState, type Checks } from './checks.ts';
import type { Events } from './events.ts';
import type { AgentPorts } from './ports.ts';
import type { World } from './world.ts';

type Given = Readonly<{
  ports: AgentPorts;
  world: World;
  events: Events;
  checks: Checks;
  onChange: () => void;
}>;
type DryRun = Readonly<{ dryRun?: boolean }>;
type PauseRequest = Omit<z.output<typeof pauseRequest>, 'dryRun'> & DryRun;
type ResumeRequest = Omit<z.output<typeof resumeRequest>, 'dryRun'> & DryRun;
type Scope = Pick<z.output<typeof resumeRequest>, 'tag' | 'scope'>;

/** Maintenance: protection is taken from resources and given back, by a person or by itself when the time is over. */
export class Pauses {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  async pause(request: PauseRequest): Promise<Result<PauseAnswer>> {
    const { ports, world, events, onChange } = this.#given;
    const found = this.#tagsOf(request);
    if (!found.ok) return found;
    if (request.dryRun === true) return ok({ tags: [...found.value] });
    const { by, why, until } = request;
    const pause: Pause = { by, why, at: ports.clock.wall(), ...(until === undefined ? {} : { until }) };
    await world.setPauses(new Map(found.value.map((tag) => [tag, pause])));
    const reason = `paused by ${by}${why === '' ? '' : `: ${why}`}`;
    for (const tag of found.value) {
      const before = world.stateOf(tag);
      if (before.state !== 'ISP') continue;
      const after = { ...before, state: 'ISU' as const, reason, since: ports.clock.wall() };
      world.setState(tag, after);
      announceState({ ports, events, tag, before, after });
    }
    await world.save();
    events.emit({ kind: 'paused', tags: [...found.value], by, why });
    ports.log.warn({ event: 'paused', tags: found.value, by, why, until }, reason);
    onChange();
    return ok({ tags: [...found.value] });
  }

  async resume(request: ResumeRequest): Promise<Result<PauseAnswer>> {
    const found = this.#tagsOf(request);
    if (!found.ok) return found;
    const tags = found.value.filter((tag) => this.#given.world.pauses.has(tag));
    if (request.dryRun !== true) await this.#resume(tags, request.by);
    return ok({ tags: [...tags] });
  }

  /** Gives protection back where its time is over. Answers when that is to be looked at next; never when undefined. */
  async expire(): Promise<number | undefined> {
    const { ports, world } = this.#given;
    const now = ports.clock.wall();
    const due = [...world.pauses]
      .filter(([, { until }]) => until !== undefined && until <= now)
      .map(([tag]) => tag);
    if (due.length > 0) await this.#resume(due, 'the end of the pause');
    const ends = [...world.pauses.values()].flatMap(({ until }) => (until === undefined ? [] : [until]));
    return ends.length === 0 ? undefined : Math.min(...ends) - now;
  }

  /**
   * What another node paused or resumed is so here too. Without the second, what it had in service would stay unprotected for
   * good: no check that it fails says anything about a resource whose protection is paused.
   */
  follow(): void {
    const { ports, world, events, checks, onChange } = this.#given;
    const resumed: Tag[] = [];
    for (const [tag, before] of world.states) {
      const pause = world.pauses.get(tag);
      const since = ports.clock.wall();
      if (before.state === 'ISP' && pause !== undefined) {
        const reason = `paused by ${pause.by}${pause.why === '' ? '' : `: ${pause.why}`}`;
        const after = { ...before, state: 'ISU' as const, reason, since };
        world.setState(tag, after);
        announceState({ ports, events, tag, before, after });
      } else if (before.state === 'ISU' && pause === undefined) {
        world.setState(tag, { ...before, state: 'ILLSTATE', reason: 'protection resumes', since });
        resumed.push(tag);
      }
    }
    // Not waited for, as in `resume`.
    if (resumed.length > 0) void checks.settle(resumed).finally(onChange);
  }

  /** What was done meanwhile is not known: each is looked at before anything is decided about it. */
  async #resume(tags: readonly Tag[], by: string): Promise<void> {
    const { ports, world, events, checks, onChange } = this.#given;
    if (tags.length === 0) return;
    await world.setPauses(new Map(tags.map((tag) => [tag, undefined])));
    for (const tag of tags) {
      const before = world.stateOf(tag);
      if (before.state !== 'ISU') continue;
      const after = {
        ...before,
        state: 'ILLSTATE' as const,
        reason: 'protection resumes',
        since: ports.clock.wall(),
      };
      world.setState(tag, after);
    }
    events.emit({ kind: 'resumed', tags: [...tags], by });
    ports.log.info({ event: 'resumed', tags, by }, `protection resumed by ${by}`);
    // Not waited for: a check that hangs must not hold up whoever asked.
    void checks.settle(tags).finally(onChange);
  }

  #tagsOf({ tag, scope }: Scope): Result<readonly Tag[]> {
    const { configuration } = this.#given.world;
    if (scope === 'node') return ok([...(configuration?.resources.keys() ?? [])]);
    if (configuration === undefined || tag === undefined || !configuration.resources.has(tag as Tag)) {
      const known = configuration ?? { resources: new Map() };
      return refuse(unknownResource(known as NonNullable<typeof configuration>, tag ?? ''));
    }
    if (scope === 'resource') return ok([tag as Tag]);
    return ok(configuration.hierarchies.find(({ tags }) => tags.includes(tag as Tag))!.tags);
  }
}
