import type { Configuration } from '../document/configuration.ts';
import { isInService, isOut, type Tag } from '../vocabulary.ts';
import type { Decision } from './decide.ts';
import type { View } from './view.ts';

/** One line of an explanation; `at`, on the wall clock, is when that was or will be. */
export type Fact = Readonly<{ says: string; at?: number }>;

/** Why a resource stands as it does, for a person: facts in the order in which they matter, and what would change it. */
export type Explanation = Readonly<{
  tag: Tag;
  state: string;
  want: string;
  because: readonly Fact[];
  /** What would have to change, or what to do; empty when all is as wanted. */
  would: readonly Fact[];
}>;

type Told = { because: Fact[]; would: Fact[] };

const fact = (says: string, at?: number): Fact => (at === undefined ? { says } : { says, at });

/** Explains from the same view and decision from which the agent acts, so that it cannot say anything else. */
export function explain(configuration: Configuration, view: View, decision: Decision, tag: Tag): Explanation {
  const record = view.states[view.node]?.[tag];
  const intent = view.intents[tag];
  const state = record?.state ?? 'ILLSTATE';
  const want = intent?.want ?? 'outOfService';
  const told: Told = { because: [], would: [] };
  if (record === undefined) told.because.push(fact('it has not been checked yet'));
  else if (state === 'ISU' || view.paused?.[tag] !== undefined) explainPause();
  else if (want === 'inService') explainWanted();
  else explainUnwanted();
  for (const { says } of record?.conditions ?? []) told.because.push(fact(`beside that: ${says}`));
  return { tag, state, want, ...told };

  function explainPause(): void {
    const pause = view.paused?.[tag];
    const { by = 'somebody', why = '', at, until } = pause ?? {};
    told.because.push(fact(`its protection was paused by ${by}${why === '' ? '' : `: ${why}`}`, at));
    told.because.push(fact(`it is ${state}, and nobody watches over it`));
    if (until !== undefined) told.would.push(fact('protection returns by itself', until));
    told.would.push(fact(`holdfast resume ${tag} brings protection back now`));
  }

  function explainWanted(): void {
    told.because.push(fact(`${intent!.by} asked for it`, intent!.at));
    if (isInService(state)) explainService();
    else explainAbsence(tag, told, new Set());
  }

  function explainService(): void {
    told.because.push(fact(`in service: ${record!.reason}`, record!.since));
    const { lastCheck } = record!;
    if (lastCheck === undefined) return;
    const { inARow } = configuration.resources.get(tag)!.policy.quickCheck;
    told.because.push(
      fact(`its last check found it ${lastCheck.finding}: ${lastCheck.evidence}`, lastCheck.at),
    );
    if (lastCheck.finding === 'timeout')
      told.because.push(
        fact(inARow === 1 ? 'one timeout is a failure' : `${inARow} timeouts in a row are a failure`),
      );
    if (lastCheck.finding === 'unknown')
      told.because.push(fact('a check that cannot be made never counts as a failure'));
  }

  function explainUnwanted(): void {
    told.because.push(
      intent === undefined
        ? fact('nobody has asked for it yet')
        : fact(`${intent.by} took it out`, intent.at),
    );
    const blocked = decision.blocked.find((note) => note.tag === tag);
    if (isOut(state)) told.would.push(fact(`perform_action -t ${tag} -a restore brings it into service`));
    else told.because.push(fact(blocked?.because.says ?? `it is ${state}: ${record!.reason}`));
    if (!isOut(state) && blocked !== undefined)
      told.would.push(fact(`perform_action -t ${tag} -a remove tries once more to take it out`));
  }

  /** Follows what it waits for down to what does not wait for anything else. */
  function explainAbsence(one: Tag, into: Told, seen: Set<Tag>): void {
    if (seen.has(one)) return;
    seen.add(one);
    const stands = view.states[view.node]?.[one];
    const note = decision.blocked.find((other) => other.tag === one);
    if (note === undefined) {
      into.because.push(
        fact(view.busy.includes(one) ? `${one} is being acted on now` : `${one} is about to be acted on`),
      );
      return;
    }
    const { code, of, says } = note.because;
    into.because.push(fact(one === tag ? says : `${one}: ${says}`));
    const { failure } = stands ?? {};
    if (failure !== undefined && failure.todo !== '') into.would.push(fact(failure.todo));
    switch (code) {
      case 'waits-for':
        if (of !== undefined) explainAbsence(of, into, seen);
        return;
      case 'failed-and-spent':
      case 'recovery-spent':
        into.would.push(
          fact(
            `a new command tries once more (perform_action -t ${tag} -a restore), and so does a change of its settings, or a child that comes back`,
          ),
        );
        return;
      case 'notification-only':
      case 'recovery-disabled':
        into.would.push(
          fact(
            `the policy of ${one} would have to allow repairs; perform_action -t ${one} -a restore repairs it once`,
          ),
        );
        return;
      case 'remove-failed':
        into.would.push(
          fact(`a person has to see why it would not go; perform_action -t ${one} -a remove tries once more`),
        );
        return;
      case 'not-known':
        into.would.push(fact('a check would have to say how it stands'));
        return;
      default:
        if (isWantedOut(one)) into.would.push(fact(`perform_action -t ${one} -a restore`));
    }
  }

  function isWantedOut(one: Tag): boolean {
    return (view.intents[one]?.want ?? 'outOfService') === 'outOfService';
  }
}
