import type { NodeName } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import { PeerPresence } from '../src/cluster/peerPresence.ts';
import type { SeenPeers } from '../src/keeper/seenPeers.ts';

const beta = 'beta' as NodeName;
const peers = (session: string | undefined, beat: number) =>
  ({
    live: session === undefined ? [] : ['beta'],
    sessionOf: () => ({ record: { id: session } }),
    beatOf: () => beat,
  }) as unknown as SeenPeers;

test('a node counts from when it was first seen in its session, and anew in the next', () => {
  const presence = new PeerPresence();
  presence.note(peers('one', 1), 1_000);
  presence.note(peers('one', 2), 4_000);
  expect(presence.aliveFor(beta, 5_000)).toBe(4_000);
  presence.note(peers('two', 3), 6_000);
  expect(presence.aliveFor(beta, 7_000)).toBe(1_000);
  presence.note(peers(undefined, 3), 8_000);
  expect(presence.aliveFor(beta, 9_000)).toBeUndefined();
});

test('a session that nobody ended yet is no sign of life before a new beat', () => {
  const presence = new PeerPresence();
  presence.note(peers('one', 7), 0);
  presence.note(peers('one', 7), 1_000);
  expect(presence.wasSeen(beta)).toBe(false);
  presence.note(peers('one', 8), 2_000);
  expect(presence.wasSeen(beta)).toBe(true);
  presence.note(peers(undefined, 8), 3_000);
  expect(presence.wasSeen(beta)).toBe(true);
});
