import { Keeper, type KeeperEars, type KeeperPort, type KeeperPorts } from '@holdfast/agent';
import type { Random } from '../simulate/random.ts';
import { OneWay } from './oneWay.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';

type Given = Readonly<{
  process: SimulatedProcess;
  scheduler: Scheduler;
  random: Random;
  ports: Omit<KeeperPorts, 'clock' | 'bootClock' | 'killAgent'>;
  /** It ends by itself, as the shipped program does. Where nothing runs, that puts the watchdog to rest. */
  onRest: (isSurelyDown: boolean) => void;
}>;

type Ears = KeeperEars & Readonly<{ onEnd: () => void }>;

/** As long as the shipped program waits for an agent to come. */
const idleMax = 10_000;
const lookEvery = 1_000;

/** The shipped keeper in a process of its own. It outlives the agent. */
export class KeeperProcess {
  readonly process: SimulatedProcess;
  readonly #given: Given;
  readonly #keeper: Keeper;
  #agent: SimulatedProcess | undefined;
  #neededAt: number;

  constructor(given: Given) {
    const { process, ports } = given;
    this.process = process;
    this.#given = given;
    const { bootClock } = process.machine;
    const { read, transact } = ports.store;
    this.#keeper = new Keeper({
      ...ports,
      bootClock,
      clock: process.clock(),
      store: { ...ports.store, read: process.mortal(read), transact: process.mortal(transact) },
      killAgent: () => this.#agent?.die(),
    });
    this.#neededAt = bootClock.now();
    process.onDeath(() => this.#keeper.stop());
    void this.#keeper.run();
    this.#look();
  }

  /** As an agent reaches it: what they say to each other takes time. */
  connect(agent: SimulatedProcess, ears: Ears): Promise<KeeperPort> {
    const { process } = this;
    const { scheduler, random } = this.#given;
    const there = new OneWay({ from: agent, to: process, scheduler, random });
    const back = new OneWay({ from: process, to: agent, scheduler, random });
    return new Promise((resolve, reject) => {
      let port: KeeperPort | undefined;
      let isOpen = true;
      const close = (): void => {
        if (port === undefined) return;
        if (this.#agent === agent) this.#agent = undefined;
        port.close();
      };
      agent.onDeath(() => there.end(close));
      process.onDeath(() =>
        back.end(() => {
          reject(new KeeperGone('the keeper of this node is gone'));
          if (isOpen) ears.onEnd();
        }),
      );
      there.say(() => {
        port = this.#attach(ears, back);
        if (port === undefined) {
          back.say(() => reject(new KeeperGone('the keeper of this node serves another agent')));
          return;
        }
        this.#agent = agent;
        const at = port;
        const { phase, isToLeave } = port;
        back.say(() =>
          resolve({
            phase,
            isToLeave,
            begin: (runs) => there.say(() => at.begin([...runs])),
            runs: (anything, levels) => there.say(() => at.runs(anything, levels)),
            turned: () => there.say(() => at.turned()),
            allIsDown: () => there.say(() => at.allIsDown()),
            close: () => {
              isOpen = false;
              there.say(close);
            },
          }),
        );
      });
    });
  }

  #attach(ears: Ears, back: OneWay): KeeperPort | undefined {
    return this.#keeper.attach({
      onRight: (own, until) => back.say(() => ears.onRight(own, until)),
      onLost: (because) => back.say(() => ears.onLost(because)),
      onMayNotJoin: (verdict) => back.say(() => ears.onMayNotJoin(verdict)),
      onAsk: () => back.say(() => ears.onAsk()),
    });
  }

  #look(): void {
    const now = this.process.machine.bootClock.now();
    const isNeeded = this.#agent !== undefined || this.#keeper.phase !== 'idle' || this.#keeper.awaitsAgent;
    if (isNeeded) this.#neededAt = now;
    if (now - this.#neededAt > idleMax) {
      this.#given.onRest(this.#keeper.isSurelyDown);
      this.process.die();
    } else this.process.after(lookEvery, () => this.#look());
  }
}

/** An agent that finds no keeper, or loses it before it is greeted, cannot start. */
export class KeeperGone extends Error {}
