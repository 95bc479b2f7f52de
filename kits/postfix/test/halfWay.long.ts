import { waitUntil } from '@holdfast/kit';
import { endRestore } from '@holdfast/testkit/kits';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Bench, openBench, other, settings } from './bench.ts';

const instantsMs = Array.from({ length: 20 }, (_, index) => index * 12);

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.lab.close());

test.each([
  ['is told to stop', 'SIGTERM'],
  ['is killed', 'SIGKILL'],
] as const)(
  'when restore %s at any instant, remove leaves nothing',
  async (_, signal) => {
    for (const instantMs of instantsMs) {
      await endRestore(bench.node, { kit: 'postfix', settings, signal, afterMs: instantMs });
      await bench.must('remove');
      expect({ instantMs, left: await left() }).toEqual({ instantMs, left: '' });
    }
  },
  120_000,
);

/** Programs of Postfix that are there for good, and are not the bystander's: its master leads their group. */
async function left(): Promise<string> {
  const theirs = await bench.sh(`tr -d ' ' <${other.pidFile}`);
  const look = `ps -e -o pgid=,pid=,comm= | grep -E ' (master|post.*|smtpd|qmgr|pickup|cleanup)$' | grep -v '^ *${theirs} ' || true`;
  let shown = '';
  // What a dead script had begun, such as a look at the queue, ends by itself.
  await waitUntil(
    async () => {
      shown = await bench.sh(look);
      return shown === '' ? true : undefined;
    },
    { withinMs: 3_000 },
  );
  return shown;
}
