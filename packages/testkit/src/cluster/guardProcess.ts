import type { GuardPort } from '@holdfast/agent';
import { Guard } from '@holdfast/agent/guard';
import type { AbortStep } from '@holdfast/kit';
import type { Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';
import { SimulatedProcess } from './simulatedProcess.ts';

type Given = Readonly<{
  machine: Machine;
  scheduler: Scheduler;
  dropMs: number;
  /** As late as a tick of the shipped program may be. */
  tickMs: number;
  runAbort: (process: SimulatedProcess, step: AbortStep) => Promise<void>;
  takeNodeDown: (why: string) => Promise<void>;
  say: (event: string) => void;
}>;

type Speaker = Readonly<{ process: SimulatedProcess; onEnd: () => void }>;

/** The shipped guard in a process of its own. It outlives the agent. */
export class GuardProcess {
  readonly process: SimulatedProcess;
  readonly #given: Given;
  readonly #guard: Guard;
  #speaker: Speaker | undefined;
  #until = 0;

  constructor(given: Given) {
    this.#given = given;
    this.process = new SimulatedProcess(given.machine, given.scheduler);
    this.process.onDeath = () => {
      const speaker = this.#speaker;
      speaker?.process.deliver(() => speaker.onEnd());
    };
    this.#guard = new Guard({
      now: given.machine.bootClock.now,
      dropMs: given.dropMs,
      runAbort: (step) => given.runAbort(this.process, step),
      takeNodeDown: () => given.takeNodeDown('the guard'),
      say: given.say,
    });
  }

  open(agent: SimulatedProcess, onEnd: () => void): GuardPort {
    const speaker = { process: agent, onEnd };
    this.#speaker = speaker;
    const tell = (act: () => void): void => {
      this.process.deliver(() => {
        act();
        this.#tick();
      });
    };
    return {
      phase: this.#guard.phase,
      right: (until) =>
        tell(() => {
          this.#guard.take({ kind: 'right', until });
          this.#until = Math.max(this.#until, until);
          this.#tickAt(this.#until);
        }),
      runs: (anything, levels) =>
        tell(() =>
          this.#guard.take({
            kind: 'runs',
            anything,
            levels: levels.map((level) =>
              level.map((steps) =>
                steps.map((step) => ({ ...step, argv: [...step.argv] as [string, ...string[]] })),
              ),
            ),
          }),
        ),
      allIsDown: () => tell(() => this.#guard.take({ kind: 'all-is-down' })),
      close: () => {
        if (this.#speaker === speaker) this.#speaker = undefined;
      },
    };
  }

  /** Ticks in between would find nothing to do. */
  #tickAt(moment: number): void {
    const { machine, tickMs } = this.#given;
    this.process.after(moment - machine.bootClock.now() + tickMs, () => this.#tick());
  }

  #tick(): void {
    const before = this.#guard.phase;
    this.#guard.tick();
    if (this.#guard.phase !== 'dropping') return;
    if (before !== 'dropping') {
      const speaker = this.#speaker;
      speaker?.process.deliver(() => speaker.onEnd());
    }
    const { machine, dropMs, tickMs } = this.#given;
    this.#tickAt(machine.bootClock.now() + (before === 'dropping' ? 10 * tickMs : dropMs));
  }
}
