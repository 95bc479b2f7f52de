import { type KitCall, signalProcess } from '@holdfast/kit';
import type { Held, Holder } from './findHolders.ts';
import { sayMount } from './readMounts.ts';
import type { Settings } from './settings.ts';

type Word = 'SIGTERM' | 'SIGKILL';
/** So many rounds of KILL that each found somebody new show that they are started anew. */
const respawnRounds = 3;
const namedMax = 10;

/** Ends those who hold the mounts of one remove, and remembers who they were. */
export class Endings {
  readonly #call: KitCall<Settings>;
  /** Why none of them is ended; undefined when they are. */
  readonly #forbidden: string | undefined;
  readonly #seen = new Map<string, Holder>();
  readonly #told = new Set<string>();
  #roundsWithNew = 0;

  constructor(call: KitCall<Settings>, isAtHome: boolean) {
    this.#call = call;
    this.#forbidden = !call.settings.killHolders
      ? 'killHolders is false'
      : isAtHome
        ? undefined
        : 'it is not mounted where it belongs';
  }

  /** True when one of them may yet end. Spares those that must not be ended, and all when the operator forbids it. */
  async tell(holders: readonly Holder[], word: Word): Promise<boolean> {
    const { log } = this.#call;
    const isNew = holders.some((holder) => !this.#seen.has(keyOf(holder)));
    if (isNew && word === 'SIGKILL') this.#roundsWithNew += 1;
    for (const holder of holders) this.#seen.set(keyOf(holder), holder);
    if (this.#forbidden !== undefined) return false;
    const ended = holders.filter(({ isSpared }) => !isSpared);
    for (const holder of ended) {
      const key = `${word} ${keyOf(holder)}`;
      // Each is told once in each way; a word that is not heard is not heard better twice.
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      const { pid, name } = holder.process;
      log.warn({ pid, name, by: holder.by, signal: word }, 'ends a holder of the mount');
      await signalProcess(holder.process, word);
    }
    return ended.length > 0;
  }

  get areRespawning(): boolean {
    return this.#roundsWithNew >= respawnRounds;
  }

  say(): string {
    if (this.#seen.size === 0) return 'nobody held it';
    return `it was held by ${name([...this.#seen.values()])}`;
  }

  /** Who is still there at the end, and why. */
  sayStill({ holders, foreign }: Held): readonly string[] {
    const spared = holders.filter(({ isSpared }) => isSpared);
    const others = holders.filter(({ isSpared }) => !isSpared);
    const why = this.#forbidden === undefined ? 'not ended by KILL' : `not ended, as ${this.#forbidden}`;
    return [
      ...(others.length === 0 ? [] : [`still held by ${name(others)}, ${why}`]),
      ...(spared.length === 0
        ? []
        : [`held by ${name(spared)}, which is never ended: the first process, or what started this one`]),
      ...foreign.map(
        ({ pid, mount }) => `also mounted in the namespace of process ${pid}: ${sayMount(mount)}`,
      ),
      ...(holders.length + foreign.length > 0 ? [] : ['no process that holds it was found']),
      ...(this.#seen.size > holders.length ? [`in all, ${this.say()}`] : []),
    ];
  }
}

function keyOf({ process: { pid, startedAt } }: Holder): string {
  return `${pid} ${startedAt}`;
}

function name(holders: readonly Holder[]): string {
  const names = holders.map(({ process: { pid, name: program, state }, by }) => {
    const waits = state === 'D' ? ', waits in the kernel' : '';
    return `${pid} (${program}, by ${by}${waits})`;
  });
  return `${names.slice(0, namedMax).join(', ')}${names.length > namedMax ? ` and ${names.length - namedMax} others` : ''}`;
}
