import { Random } from '@holdfast/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Deed, Story, type World } from './story.ts';

/*
 * The agent is killed at a random moment of a restore, a remove or a repair, and started again. Whatever it was at:
 * what was asked stays asked, what runs is adopted, what was half-done is finished, and nothing is left over.
 */

const points = process.env.HOLDFAST_LONG === '1' ? 200 : 20;
/** Each deed takes about this long, so the kills fall before, into and after it. */
const longestMs = 350;
const seed = Number(process.env.HOLDFAST_SEED ?? Date.now() % 1_000_000);

let story: Story;

beforeAll(async () => {
  story = await Story.open();
}, 60_000);
afterAll(() => story?.close());

test(
  `survives ${points} deaths of the agent at random moments (HOLDFAST_SEED=${seed})`,
  async () => {
    const random = new Random(seed);
    let want: 'inService' | 'outOfService' = 'outOfService';
    for (let point = 1; point <= points; point += 1) {
      const deed = chooseDeed(want, random);
      const afterMs = Math.floor(random.fraction() * longestMs);
      const at = `point ${point}, ${deed}, killed after ${afterMs} ms`;

      const taken = story.begin(deed);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await story.killAgent();
      const wasTaken = await taken;
      const left = await story.world();
      const wasReady = left.postmaster !== undefined && (await story.isReady());
      await story.startAgent();
      const status = await story.settled();

      const wants = new Set(status.resources.map((resource) => resource.want));
      expect([at, [...wants]]).toEqual([at, [expect.any(String)]]);
      const now = status.resources[0]!.want;
      const asked = deed === 'restore' ? 'inService' : deed === 'remove' ? 'outOfService' : want;
      // A command that was taken stays; of one that got no answer, either is right.
      expect([at, wasTaken ? [asked] : [asked, want]]).toEqual([at, expect.arrayContaining([now])]);
      want = now;

      const found = await story.world();
      expect([at, isUp(found)]).toEqual([at, want === 'inService' ? 'all' : 'nothing']);
      // A server that was still recovering from its crash is adopted as it is, and lets clients in when it is done.
      if (want === 'inService') expect([at, await story.becomesReady()]).toEqual([at, true]);
      if (want === 'inService' && wasReady)
        expect([at, 'server', found.postmaster]).toEqual([at, 'server', left.postmaster]);
      expect([at, await story.orphans()]).toEqual([at, []]);
    }
    expect(await story.outOfOrder()).toEqual([]);
  },
  points * 20_000,
);

function chooseDeed(want: 'inService' | 'outOfService', random: Random): Deed {
  if (want === 'outOfService') return 'restore';
  return (['remove', 'kill postmaster', 'delete address'] as const)[Math.floor(random.fraction() * 3)]!;
}

function isUp({ address, mount, postmaster }: World): 'all' | 'nothing' | 'some' {
  const parts = [address, mount, postmaster !== undefined];
  if (parts.every(Boolean)) return 'all';
  return parts.some(Boolean) ? 'some' : 'nothing';
}
