import { expect, test } from '@jest/globals';
import { WayOut } from '../../src/keeper/wayOut.ts';

const step = (name: string) => ({ argv: [name] as [string], budgetMs: 100 });
const levels = [[[step('stop-database')]], [[step('unmount')], [step('drop-address')]]];

function bench() {
  const seen = { ran: [] as string[], wentDown: 0 };
  const wayOut = new WayOut({
    dropMs: 1_000,
    runAbort: async ({ argv }) => void seen.ran.push(argv[0]),
    takeNodeDown: async () => {
      seen.wentDown += 1;
    },
  });
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { wayOut, seen, settled };
}

test('what rests on others is let go of first', async () => {
  const { wayOut, seen, settled } = bench();
  wayOut.take({ anything: true, levels });
  wayOut.begin(0);
  await settled();
  expect(seen.ran).toEqual(['stop-database', 'unmount', 'drop-address']);
});

test('the node goes down when nobody says within D that all is down, whatever is told meanwhile', async () => {
  const { wayOut, seen } = bench();
  wayOut.take({ anything: true, levels });
  wayOut.begin(5_000);
  wayOut.take({ anything: false, levels: [] });
  wayOut.tick(5_999);
  expect(seen.wentDown).toBe(0);
  wayOut.tick(6_000);
  expect(seen.wentDown).toBe(1);
});

test('who looked and found all down keeps the node up', () => {
  const { wayOut, seen } = bench();
  wayOut.take({ anything: true, levels });
  wayOut.begin(0);
  wayOut.allIsDown();
  wayOut.tick(9_000);
  expect(seen.wentDown).toBe(0);
  expect(wayOut.isSurelyDown).toBe(true);
});

test('before anybody has looked, nothing is surely down', () => {
  expect(bench().wayOut.isSurelyDown).toBe(false);
});
