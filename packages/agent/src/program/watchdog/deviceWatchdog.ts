import { accessSync, closeSync, constants, openSync, readFileSync, realpathSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Run, run } from '@holdfast/kit';
import type { OpenedWatchdog } from './openedWatchdog.ts';

type Options = Readonly<{
  device: string;
  timeoutMs: number;
  /** Where the kernel tells of watchdogs. */
  folder?: string;
  runProgram?: Run;
}>;

const setBudgetMs = 5_000;
/** What the kernel takes for "stop", when the device is closed after it. */
const magicClose = 'V';

/**
 * A watchdog of the kernel. It runs from when it is opened, whatever becomes of this process, and is put off by each write.
 * Its timeout is set by a call that Node does not have, so `wdctl` sets it, before it is opened here.
 */
export class DeviceWatchdog implements OpenedWatchdog {
  readonly #device: string;
  readonly #seconds: number;
  readonly #folder: string;
  readonly #run: Run;
  #file: number | undefined;

  constructor({ device, timeoutMs, folder = '/sys/class/watchdog', runProgram = run }: Options) {
    this.#device = device;
    this.#seconds = timeoutMs / 1_000;
    this.#folder = folder;
    this.#run = runProgram;
  }

  async prepare(): Promise<void> {
    try {
      accessSync(this.#device, constants.W_OK);
    } catch (error) {
      throw new Error(
        `the watchdog ${this.#device} cannot be opened: ${String(error)}; load its driver (softdog where the machine has none), or leave watchdog out of agent.yaml`,
      );
    }
    // `wdctl` stops the watchdog when it has set it: one that is as it should be may be running for what runs here.
    if (this.#timeout() === this.#seconds) return;
    const { says } = await this.#run(['wdctl', '--settimeout', String(this.#seconds), this.#device], {
      budgetMs: setBudgetMs,
    });
    const timeout = this.#timeout();
    if (timeout === this.#seconds) return;
    throw new Error(
      `the timeout of the watchdog ${this.#device} cannot be set to ${this.#seconds} s, right and drop together: it is ${timeout ?? 'not known'} (${says}); choose other times below store.times, or another driver`,
    );
  }

  async arm(): Promise<void> {
    this.#file ??= openSync(this.#device, 'w');
  }

  kick(): void {
    if (this.#file !== undefined) writeSync(this.#file, '\n');
  }

  async disarm(): Promise<boolean> {
    if (this.#file === undefined) return true;
    if (this.#tells('nowayout') === '1') return false;
    writeSync(this.#file, magicClose);
    closeSync(this.#file);
    this.#file = undefined;
    return true;
  }

  #timeout(): number | undefined {
    const timeout = this.#tells('timeout');
    return timeout === undefined ? undefined : Number(timeout);
  }

  #tells(attribute: string): string | undefined {
    // The device without a number is the first one.
    const name = basename(realpathSync(this.#device));
    try {
      const numbered = name === 'watchdog' ? 'watchdog0' : name;
      return readFileSync(join(this.#folder, numbered, attribute), 'utf8').trim();
    } catch {
      return undefined;
    }
  }
}
