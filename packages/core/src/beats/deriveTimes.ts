import { sayDuration } from '../duration.ts';
import type { Problem, Result } from '../problem.ts';
import { ok, refuse } from '../problem.ts';
import type { ProblemCode } from '../problemCodes.ts';
import type { Millis } from '../vocabulary.ts';

/** What an operator chooses. What is left out comes from the preset. */
export type BeatSettings = Readonly<{
  preset?: BeatPreset;
  /** L: so long after sending its last committed beat a node may act. */
  right?: Millis;
  /** D: within it a node drops everything once its right is over. */
  drop?: Millis;
  /** W: only a beat that was answered within it kicks the watchdog. */
  answer?: Millis;
  /** For what clocks and schedulers do: a gap between two ticks above it means that the right is lost. */
  margin?: Millis;
  renewEvery?: Millis;
  /** As etcd itself was started. */
  etcd?: Readonly<{ heartbeat?: Millis; election?: Millis }>;
}>;

/** Every time that beats, endings and takeovers go by. */
export type BeatTimes = Readonly<{
  right: Millis;
  drop: Millis;
  answer: Millis;
  margin: Millis;
  renewEvery: Millis;
  /** How often the keeper looks at the clock. */
  tickEvery: Millis;
  /** A peer's session is ended when no newer beat was seen for so long. */
  endAfter: Millis;
  /** Claims of a session may be taken so long after it was first seen ended. */
  takeAfter: Millis;
  /** What the watchdog is set to. */
  watchdogTimeout: Millis;
  /** From a node's last committed beat to the takeover, without a fence. */
  failoverWithoutFence: Millis;
  /** An agent whose loop completes no turn for so long hangs: it is ended, and started again. */
  hangsAfter: Millis;
  /** A: the keeper goes on beating for so long without a completed turn, by whichever agent. */
  turnWithin: Millis;
  election: Millis;
}>;

export type BeatPreset = 'fast' | 'balanced' | 'cautious';

const presets = {
  fast: { right: 1_000, drop: 1_000, answer: 600, margin: 150, etcd: { heartbeat: 20, election: 200 } },
  balanced: {
    right: 3_000,
    drop: 3_000,
    answer: 2_000,
    margin: 300,
    etcd: { heartbeat: 100, election: 1_000 },
  },
  cautious: {
    right: 10_000,
    drop: 10_000,
    answer: 4_000,
    margin: 1_000,
    etcd: { heartbeat: 100, election: 1_000 },
  },
} as const;

/** Two clocks together run apart by at most so much; crystals do a hundredth of it. */
const driftMax = 0.02;
/** A loop that waits for the store waits for about one right; a busy machine holds it up for some seconds. */
const hangsAfterLeast = 5_000;
/** For an agent to be ended, started again, and to look at everything: it may take its time, as what runs is kept. */
const backWithin = 30_000;
/** The boot clock of Linux is told in hundredths of a second. */
const clockStep = 10;

/** Works out all times, or answers every reason why these do not fit together. */
export function deriveTimes(settings: BeatSettings = {}): Result<BeatTimes> {
  const preset = presets[settings.preset ?? 'balanced'];
  const { right, drop, answer, margin } = { ...preset, ...settings };
  const { heartbeat, election } = { ...preset.etcd, ...settings.etcd };
  const renewEvery = settings.renewEvery ?? Math.floor(Math.min(right / 5, (right - 2 * election) / 3));
  const tickEvery = Math.floor(margin / 3);
  const asked = settings.renewEvery === undefined ? {} : { renewEvery: settings.renewEvery };
  const chosen = { right, drop, answer, margin, heartbeat, election, ...asked };
  const notTimes = Object.entries(chosen).filter(([, span]) => !Number.isSafeInteger(span) || span <= 0);
  if (notTimes.length > 0) return refuse(...notTimes.map(([name, span]) => notATime(name, span)));

  const problems = [
    ...judgeElection({ heartbeat, election }),
    ...judgeRight({ right, renewEvery: Math.max(renewEvery, 1), election }),
    ...judgeAnswer({ answer, right, election, margin }),
    ...judgeMargin({ margin, total: right + drop + answer, right }),
    ...judgeDrop({ drop, margin, right }),
  ];
  if (problems.length > 0) return refuse(...problems);
  const hangsAfter = Math.max(hangsAfterLeast, 2 * right);
  const takeAfter = drop + answer + margin;
  return ok({
    ...{ right, drop, answer, margin, renewEvery, tickEvery, election },
    endAfter: right + margin,
    takeAfter,
    watchdogTimeout: right + drop,
    failoverWithoutFence: right + margin + takeAfter,
    hangsAfter,
    turnWithin: hangsAfter + backWithin,
  });
}

function judgeElection({ heartbeat, election }: { heartbeat: Millis; election: Millis }): readonly Problem[] {
  if (election >= 5 * heartbeat) return [];
  return [
    problem('ELECTION_TOO_SHORT', 'etcd.election', {
      what: `An election timeout of ${sayDuration(election)} is too short for heartbeats each ${sayDuration(heartbeat)}.`,
      why: 'etcd does not start with less than five heartbeats in one election timeout',
      todo: `tell the times that etcd was started with; with this heartbeat at least ${sayDuration(5 * heartbeat)}`,
    }),
  ];
}

function judgeRight(times: { right: Millis; renewEvery: Millis; election: Millis }): readonly Problem[] {
  const { right, renewEvery, election } = times;
  const least = 3 * renewEvery + 2 * election;
  if (right >= least) return [];
  return [
    problem('RIGHT_TOO_SHORT', 'right', {
      what: `A right of ${sayDuration(right)} is too short: a healthy node would lose it while etcd elects a leader.`,
      why: `three renewals, each ${sayDuration(renewEvery)}, and two election timeouts of ${sayDuration(election)} take ${sayDuration(least)}`,
      todo: `set right to at least ${sayDuration(least)}, or renew more often, or start etcd with a shorter --election-timeout`,
    }),
  ];
}

function judgeAnswer(times: {
  answer: Millis;
  right: Millis;
  election: Millis;
  margin: Millis;
}): readonly Problem[] {
  const { answer, right, election } = times;
  if (answer >= 2 * election && answer <= right) return [];
  return [
    problem('ANSWER_UNFIT', 'answer', {
      what: `An answer time of ${sayDuration(answer)} does not fit.`,
      why: `a beat may take two election timeouts (${sayDuration(2 * election)}), and is worth nothing after the right (${sayDuration(right)})`,
      todo: `set answer between ${sayDuration(2 * election)} and ${sayDuration(right)}; a takeover without a fence waits for it`,
    }),
  ];
}

function judgeMargin(times: { margin: Millis; total: Millis; right: Millis }): readonly Problem[] {
  const { margin, total, right } = times;
  const least = Math.ceil(Math.max(driftMax * total, 3 * 2 * clockStep));
  const most = Math.floor(right / 4);
  if (margin >= least && margin <= most) return [];
  return [
    problem('MARGIN_UNFIT', 'margin', {
      what: `A margin of ${sayDuration(margin)} does not fit.`,
      why: `clocks may run apart by ${driftMax * 100} % and are read in steps of ${clockStep}ms, and the margin is part of each wait`,
      todo: `set margin between ${sayDuration(least)} and ${sayDuration(most)}`,
    }),
  ];
}

function judgeDrop({
  drop,
  margin,
  right,
}: {
  drop: Millis;
  margin: Millis;
  right: Millis;
}): readonly Problem[] {
  const problems: Problem[] = [];
  if (drop < 2 * margin)
    problems.push(
      problem('DROP_TOO_SHORT', 'drop', {
        what: `A drop within ${sayDuration(drop)} can not be kept.`,
        why: `the keeper may be late by the margin (${sayDuration(margin)}) before it even begins`,
        todo: `set drop to at least ${sayDuration(2 * margin)}`,
      }),
    );
  if ((right + drop) % 1000 !== 0)
    problems.push(
      problem('WATCHDOG_NOT_WHOLE_SECONDS', 'drop', {
        what: `The watchdog can not be set to ${sayDuration(right + drop)}.`,
        why: 'it is set to right and drop together, and watchdog devices count whole seconds',
        todo: `set drop to ${sayDuration(drop + 1000 - ((right + drop) % 1000))}`,
      }),
    );
  return problems;
}

function notATime(name: string, span: number): Problem {
  return problem('NOT_A_TIME', name, {
    what: `${name} is no time to wait: ${span}.`,
    why: 'every time is a whole number of milliseconds above zero',
    todo: `set ${name} to a span such as 500ms or 3s, or leave it out`,
  });
}

function problem(
  code: ProblemCode,
  field: string,
  says: Readonly<{ what: string; why: string; todo: string }>,
): Problem {
  return { code, path: `beats.${field}`, ...says };
}
