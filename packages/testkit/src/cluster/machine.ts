import type { BootClock } from './clocks.ts';
import type { Scheduler } from './scheduler.ts';

/** The boot clock of Linux is told in hundredths of a second. */
const clockStep = 10;
const wallAtBeginning = 1_700_000_000_000;

/** A process, as its machine has it. */
type Hosted = { stoppedAt: number; die: () => void; goOn: () => void };

/** One node's hardware and kernel: whether it is up, its clocks, and the processes on it. */
export class Machine {
  readonly name: string;
  readonly #scheduler: Scheduler;
  /** How fast its clocks run. */
  readonly #rate: number;
  readonly #processes = new Set<Hosted>();
  isUp = false;
  /** Counts the boots. */
  boot = 0;
  #suspendedFor = 0;
  #clockSet = 0;
  #frozenUntil = 0;

  constructor(name: string, scheduler: Scheduler, rate: number) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#rate = rate;
  }

  get bootId(): string {
    return `${this.name}-boot-${this.boot}`;
  }

  get isFrozen(): boolean {
    return this.#scheduler.now < this.#frozenUntil;
  }

  /** True when it could touch what runs on it in this moment. */
  get canAct(): boolean {
    return this.isUp && !this.isFrozen;
  }

  /** What its programs read; a planted fault lets them read another clock. */
  readonly bootClock: BootClock = {
    now: () => {
      if (this.misreads === undefined) return this.uptime();
      return this.misreads === 'wall' ? this.wall() : this.monotonic();
    },
  };
  misreads: 'wall' | 'monotonic' | undefined;
  /** For a planted fault: the boot in which its watchdog is kicked by nobody who looks. */
  kickedFromBoot = 0;

  uptime(): number {
    return Math.floor((this.#scheduler.now * this.#rate) / clockStep) * clockStep;
  }

  /** Rises, and stands while the machine is suspended. */
  monotonic(): number {
    return this.#scheduler.now * this.#rate - this.#suspendedFor;
  }

  wall(): number {
    return Math.floor(wallAtBeginning + this.#scheduler.now * this.#rate + this.#clockSet);
  }

  /** True time for a span of its clocks. */
  spanOf(span: number): number {
    return span / this.#rate;
  }

  setWall(by: number): void {
    this.#clockSet += by;
  }

  powerOn(): void {
    this.isUp = true;
    this.boot += 1;
    this.#frozenUntil = 0;
  }

  /** Everything on it is gone in this moment. */
  powerOff(): void {
    this.isUp = false;
    for (const process of [...this.#processes]) process.die();
    this.#processes.clear();
  }

  /** Nothing on it goes on for a while; suspended, its clock of spans stands as well. */
  freeze(span: number, { isSuspended }: { isSuspended: boolean }, onThaw: () => void): void {
    const boot = this.boot;
    for (const process of this.#processes) process.stoppedAt = this.#scheduler.now;
    this.#frozenUntil = Math.max(this.#frozenUntil, this.#scheduler.now + span);
    if (isSuspended) this.#suspendedFor += span * this.#rate;
    this.#scheduler.after(this.#frozenUntil - this.#scheduler.now, () => {
      if (this.boot !== boot || !this.canAct) return;
      onThaw();
      for (const process of this.#processes) process.goOn();
    });
  }

  /** Does it now, or when the machine has woken up; never in another boot. */
  onceAwake(act: () => void): void {
    const { boot } = this;
    if (!this.isUp) return;
    if (!this.isFrozen) act();
    else
      this.#scheduler.after(this.#frozenUntil - this.#scheduler.now, () => {
        if (this.boot === boot) this.onceAwake(act);
      });
  }

  add(process: Hosted): void {
    this.#processes.add(process);
  }

  forget(process: Hosted): void {
    this.#processes.delete(process);
  }
}
