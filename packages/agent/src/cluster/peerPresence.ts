import type { Millis, NodeName } from '@holdfast/core';
import type { SeenPeers } from '../keeper/seenPeers.ts';

type Seen = Readonly<{ session: string; beat: number; since: Millis; hasBeaten: boolean }>;

/**
 * Since when each peer has been alive without a break, as this life of the agent saw it. That the record of a session was
 * not ended proves nothing after a whole site went down: only a new beat does.
 */
export class PeerPresence {
  readonly #seen = new Map<string, Seen>();
  readonly #everSeen = new Set<string>();

  note(peers: SeenPeers, now: Millis): void {
    const live = new Set(peers.live);
    for (const node of [...this.#seen.keys()]) if (!live.has(node)) this.#seen.delete(node);
    for (const node of live) {
      const session = peers.sessionOf(node)?.record.id ?? '';
      const beat = peers.beatOf(node) ?? 0;
      const before = this.#seen.get(node);
      const isSame = before?.session === session;
      const hasBeaten = isSame && (before.hasBeaten || before.beat !== beat);
      if (hasBeaten) this.#everSeen.add(node);
      this.#seen.set(node, { session, beat, since: isSame ? before.since : now, hasBeaten });
    }
  }

  aliveFor(node: NodeName, now: Millis): Millis | undefined {
    const seen = this.#seen.get(node);
    return seen === undefined ? undefined : now - seen.since;
  }

  wasSeen(node: NodeName): boolean {
    return this.#everSeen.has(node);
  }
}
