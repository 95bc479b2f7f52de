import type { KitCall } from '@holdfast/kit';
import { keptOf } from './kept.ts';
import { splitAddress } from './readAddress.ts';
import type { Settings } from './settings.ts';

const ofHosts = new Map<string, Background>();

/** What goes on for an address after the action that began it has answered: telling the neighbours, asking them. */
export class Background {
  readonly #stopped = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  get isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  begin(work: (signal: AbortSignal) => Promise<unknown>): void {
    if (this.isStopped) return;
    const over = work(this.#stopped.signal).finally(() => this.#running.delete(over));
    this.#running.add(over);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#running);
  }
}

/** By address as well as in memory: what one call began must be found by the next, whatever memory that one is given. */
export function backgroundOf(call: KitCall<Settings>): Background {
  const { host } = splitAddress(call.settings.address);
  const known = ofHosts.get(host);
  const background = known === undefined || known.isStopped ? new Background() : known;
  ofHosts.set(host, background);
  keptOf(call.memory).background = background;
  return background;
}

/** Must be over before the address is taken away: the next node may announce it at any moment then. */
export async function stopBackground(host: string): Promise<void> {
  const background = ofHosts.get(host);
  ofHosts.delete(host);
  await background?.stop();
}
