import type { KitLog } from '../contract.ts';
import { type Run, run } from '../run.ts';

/** Hears what a kit says beside its answers: its log, and the programs that it starts. */
export class Listener {
  readonly #secrets: readonly string[];
  /** Where a secret was told. */
  readonly told = new Set<string>();
  /** Actions that wrote more than anybody keeps. */
  readonly floods = new Set<string>();
  /** Executables of a script kit that had to be ended. */
  readonly overran: string[] = [];

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  readonly log: KitLog = {
    debug: (fields, says) => this.#hear(fields, says),
    info: (fields, says) => this.#hear(fields, says),
    warn: (fields, says) => this.#hear(fields, says),
  };

  /** Secrets in an argument are seen by everybody on the machine. */
  readonly run: Run = (argv, options) => {
    this.look(argv.join(' '), `the arguments of ${argv[0]}`);
    return run(argv, options);
  };

  look(text: string, where: string): void {
    if (this.#secrets.some((secret) => text.includes(secret))) this.told.add(`a secret stands in ${where}`);
  }

  #hear(fields: object, says: string): void {
    this.look(`${says} ${JSON.stringify(fields)}`, 'the log');
    switch ((fields as { event?: unknown }).event) {
      case 'script-told-secret':
        this.told.add(says);
        break;
      case 'script-flood':
        this.floods.add(says);
        break;
      case 'script-overran':
        this.overran.push(says);
        break;
    }
  }
}
