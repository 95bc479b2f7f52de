import type { Outcome } from '../contract.ts';
import { Broken, cannotBreak } from './bench.ts';
import { bringUp } from './restoreRules.ts';
import type { Rule } from './rule.ts';
import { findLeftovers, findNew, takeSnapshot } from './snapshot.ts';

const abortAfterMs = [0, 5, 20, 50, 100, 200, 400] as const;
/** A restore that was told to stop has this long to answer. */
const stopWithinMs = 3_000;

export const removeRules: readonly Rule[] = [
  {
    says: 'remove takes it out of service',
    mend: 'answer done only when nothing of it runs or is held',
    look: async (bench) => {
      await bringUp(bench);
      const evidence = await bench.must('remove', 'from in service');
      await bench.mustBeOut('after remove');
      return evidence;
    },
  },
  {
    says: 'remove is done when it is out already, and when it never was in',
    mend: 'what is gone already is done, also when its device or its files are gone',
    look: async (bench) => {
      if (await bench.serves()) await bench.must('remove', 'from in service');
      return bench.must('remove', 'when it was out already');
    },
  },
  {
    says: 'remove takes out what broke',
    mend: 'a failure leaves remains: find them by what they are, not by what should be there',
    notFor: cannotBreak,
    look: async (bench) => {
      await bringUp(bench);
      await bench.break();
      const evidence = await bench.must('remove', 'after it broke');
      await bench.mustBeOut('after remove');
      return evidence;
    },
  },
  {
    says: 'remove after a restore that was stopped half-way leaves it out',
    mend: 'what restore starts, remove must find, whatever the instant at which restore was stopped',
    look: async (bench) => {
      if (await bench.serves()) await bench.must('remove', 'to begin with');
      const saw: string[] = [];
      for (const afterMs of abortAfterMs) {
        const before = await takeSnapshot();
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), afterMs);
        if (afterMs === 0) controller.abort();
        const { answer, tookMs } = await bench.call('restore', { signal: controller.signal });
        clearTimeout(timer);
        if (tookMs > afterMs + stopWithinMs) {
          throw new Broken(`told to stop after ${afterMs} ms, restore went on for ${Math.round(tookMs)} ms`);
        }
        const wasThere = (await bench.serves()) || findNew(before, await takeSnapshot()).size > 0;
        const removed = await bench.call('remove');
        const outcome = removed.answer as Outcome | undefined;
        if (outcome?.result !== 'done' && wasThere) {
          throw new Broken(
            `remove after a restore of ${afterMs} ms: ${removed.fault ?? outcome?.evidence ?? 'no answer'}`,
          );
        }
        await bench.mustBeOut(`after a restore of ${afterMs} ms and remove`);
        // Only what the stopped restore began after it had answered; the rest is the rule about leftovers.
        if (!wasThere) {
          const left = await findLeftovers(before);
          if (left.length > 0)
            throw new Broken(`after a restore of ${afterMs} ms and remove: ${left.join(', ')}`);
        }
        saw.push(`${afterMs} ms ${(answer as Outcome | undefined)?.result ?? 'no answer'}`);
      }
      return `stopped after ${saw.join(', ')}`;
    },
  },
];
