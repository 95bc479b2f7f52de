import { expect, test } from '@jest/globals';
import { Guard } from '../src/program/guard/guard.ts';

const step = (name: string) => ({ argv: [name] as [string], budgetMs: 100 });
const levels = [[[step('stop-database')]], [[step('unmount')], [step('drop-address')]]];

/** A guard whose clock stands still until a test moves it. */
function bench() {
  const seen = { now: 0, said: [] as string[], ran: [] as string[], wentDown: 0 };
  const guard = new Guard({
    now: () => seen.now,
    dropMs: 1_000,
    runAbort: async ({ argv }) => void seen.ran.push(argv[0]),
    takeNodeDown: async () => {
      seen.wentDown += 1;
    },
    say: (event) => void seen.said.push(event),
  });
  const at = async (now: number): Promise<void> => {
    seen.now = now;
    guard.tick();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { guard, seen, at };
}

test('while the right is renewed, nothing is let go of', async () => {
  const { guard, seen, at } = bench();
  guard.take({ kind: 'runs', anything: true, levels });
  for (let now = 0; now < 5_000; now += 500) {
    guard.take({ kind: 'right', until: now + 1_000 });
    await at(now);
  }
  expect(seen).toMatchObject({ ran: [], wentDown: 0 });
  expect(guard.phase).toBe('armed');
});

test('a right that is over is followed by the way out, what rests on others first', async () => {
  const { guard, seen, at } = bench();
  guard.take({ kind: 'right', until: 1_000 });
  guard.take({ kind: 'runs', anything: true, levels });
  await at(999);
  expect(seen.ran).toEqual([]);
  await at(1_000);
  expect(seen.ran).toEqual(['stop-database', 'unmount', 'drop-address']);
  expect(guard.phase).toBe('dropping');
});

test('the node goes down when nobody says in time that all is down, whatever is renewed meanwhile', async () => {
  const { guard, seen, at } = bench();
  guard.take({ kind: 'right', until: 1_000 });
  guard.take({ kind: 'runs', anything: true, levels });
  await at(1_000);
  guard.take({ kind: 'right', until: 9_000 });
  guard.take({ kind: 'runs', anything: false, levels: [] });
  await at(1_999);
  expect(seen.wentDown).toBe(0);
  await at(2_000);
  expect(seen.wentDown).toBe(1);
});

test('who looked and found all down keeps the node up', async () => {
  const { guard, seen, at } = bench();
  guard.take({ kind: 'right', until: 1_000 });
  guard.take({ kind: 'runs', anything: true, levels });
  await at(1_000);
  guard.take({ kind: 'all-is-down' });
  await at(9_000);
  expect(seen.wentDown).toBe(0);
  expect(guard.phase).toBe('idle');
});

test('a node on which nothing runs has nothing to let go of', async () => {
  const { guard, seen, at } = bench();
  guard.take({ kind: 'right', until: 1_000 });
  await at(9_000);
  expect(seen).toMatchObject({ said: [], ran: [], wentDown: 0 });
});
