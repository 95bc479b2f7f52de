import type { BeatTimes } from '@holdfast/core';
import type { Clock } from '@holdfast/engine';
import { type Changes, type ClusterStore, Compacted, type Snapshot } from '@holdfast/store';
import type { Log } from '../ports.ts';
import type { BootClock } from './bootClock.ts';
import { SeenPeers } from './seenPeers.ts';

export type PeerWatchPorts = Readonly<{
  times: BeatTimes;
  store: ClusterStore;
  bootClock: BootClock;
  clock: Clock;
  log: Log;
  /** Everything that was read, and each change after it, in the order of revisions: there is one watch on a node. */
  onRead?: (snapshot: Snapshot) => void;
  onChanges?: (changes: Changes) => void;
}>;

/** Between two tries to read everything. */
const readAgainAfter = 100;

/** The agent's watch over everything in the store, by which it sees its peers: the shell around their rules. */
export class PeerWatch {
  readonly peers: SeenPeers;
  readonly #ports: PeerWatchPorts;
  readonly #stopping = new AbortController();
  /** Everything was read once: before that, nothing may be decided. */
  isInformed = false;

  constructor(ports: PeerWatchPorts) {
    this.#ports = ports;
    this.peers = new SeenPeers(ports.times);
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    const { store, clock, bootClock, log } = this.#ports;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const snapshot = await store.read('');
        this.peers.takeAll(snapshot.entries, bootClock.now());
        this.#ports.onRead?.(snapshot);
        this.isInformed = true;
        for await (const changes of store.watch('', snapshot.revision, signal)) {
          this.peers.take(changes.entries, bootClock.now());
          this.#ports.onChanges?.(changes);
        }
      } catch (error) {
        if (!(error instanceof Compacted))
          log.warn({ event: 'store-failed', error: String(error) }, 'peers cannot be watched; trying again');
        await clock.sleep(readAgainAfter, signal);
      }
    }
  }

  stop(): void {
    this.#stopping.abort();
  }
}
