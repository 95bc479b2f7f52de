import type { Finding } from '@holdfast/core';
import { type Bench, Broken } from './bench.ts';
import { findKept } from './findKept.ts';
import { bringUp, mustBeEqual } from './restoreRules.ts';
import type { Rule } from './rule.ts';

export const checkRules: readonly Rule[] = [
  {
    says: 'the check tells the truth: before, during and after, and when it broke',
    mend: 'look at the thing itself, not at a file that says how it should be',
    look: async (bench) => {
      if (await bench.serves()) await bench.must('remove', 'to begin with');
      await mustFind(bench, ['out-of-service'], 'before restore');
      await bench.must('restore', 'from out of service');
      await mustFind(bench, ['in-service'], 'in service');
      if (bench.world.freeze !== undefined) await mustNotPraise(bench);
      const broken = bench.world.breakIt === undefined ? 'not tried' : await whenBroken(bench);
      await bench.must('remove', 'to end with');
      await mustFind(bench, ['out-of-service'], 'after remove');
      return `when it broke: ${broken}`;
    },
  },
  {
    says: 'a check changes nothing',
    mend: 'a check only reads',
    look: async (bench) => {
      if (await bench.serves()) await bench.must('remove', 'to begin with');
      await bench.check();
      await bench.mustBeOut('after a check of what was out');
      await bench.must('restore', 'from out of service');
      const before = await bench.identity();
      await bench.check();
      await bench.mustServe('after a check of what was in service');
      mustBeEqual(before, await bench.identity(), 'the check');
      return before;
    },
  },
  {
    says: 'an action ends with all that it started, but for the service itself',
    mend: 'wait for what you start, or end it; a service goes off on its own (setsid) and gives up its output',
    look: async (bench) => {
      const kept = await findKept(bench);
      if (kept.length > 0) throw new Broken(kept.join('; '));
      return 'nothing was kept';
    },
  },
  {
    says: 'every action answers within its budget, also when the service is frozen',
    mend: 'give each thing that may hang a share of the budget, and end it when the share is spent',
    look: async (bench) => {
      const saw = bench.world.freeze === undefined ? [] : await inFrost(bench);
      if (bench.late.length > 0) throw new Broken(bench.late.join('; '));
      return saw.length === 0 ? 'no call was late' : saw.join(', ');
    },
  },
];

async function whenBroken(bench: Bench): Promise<string> {
  await bench.break();
  return mustFind(bench, ['failed', 'out-of-service', 'timeout'], 'when it broke');
}

async function mustFind(bench: Bench, expected: readonly Finding[], when: string): Promise<string> {
  const { finding, says } = await bench.check();
  if (finding === undefined || !expected.includes(finding)) {
    throw new Broken(`${when} the check says ${says}`);
  }
  return says;
}

/** Whether it answers in time is another rule's question. */
async function mustNotPraise(bench: Bench): Promise<void> {
  await bench.run(bench.world.freeze!);
  try {
    const { finding, says } = await bench.check();
    if (finding === 'in-service') throw new Broken(`when it is frozen the check says ${says}`);
  } finally {
    if (bench.world.unfreeze !== undefined) await bench.run(bench.world.unfreeze);
  }
}

async function inFrost(bench: Bench): Promise<readonly string[]> {
  const saw: string[] = [];
  for (const action of ['quickCheck', 'restore', 'remove'] as const) {
    await bringUp(bench);
    const frozen = await bench.run(bench.world.freeze!);
    if (!frozen.ok) throw new Broken(`it could not be frozen: ${frozen.says}`);
    try {
      const budgetMs = action === 'quickCheck' ? bench.kit.budgets.quickCheck : bench.world.frozenBudgetMs;
      const { tookMs } = await bench.call(action, { budgetMs });
      saw.push(`${action} ${Math.round(tookMs)} ms`);
    } finally {
      // What the action ended or started anew is not frozen any more.
      if (bench.world.unfreeze !== undefined) await bench.run(bench.world.unfreeze);
    }
    if (await bench.serves()) await bench.must('remove', `after ${action} of what was frozen`);
  }
  return saw;
}
