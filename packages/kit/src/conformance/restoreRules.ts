import { type Bench, Broken, cannotBreak } from './bench.ts';
import type { Rule } from './rule.ts';
import { wrongSettingsFor } from './wrongSettings.ts';

export const restoreRules: readonly Rule[] = [
  {
    says: 'wrong settings are refused by the schema',
    mend: 'describe each setting in the zod schema as narrowly as the kit needs it, in a strictObject',
    look: async ({ kit, world }) => {
      const all = [...world.wrongSettings, ...wrongSettingsFor(kit, world.settings)];
      const taken = all.find((wrong) => kit.settings.safeParse({ ...world.settings, ...wrong }).success);
      if (taken !== undefined) throw new Broken(`it took ${JSON.stringify(taken)}`);
      return `${all.length} refused`;
    },
  },
  {
    says: 'restore brings it into service',
    mend: 'answer done only when a check would answer in-service',
    look: async (bench) => {
      const evidence = await bench.must('restore', 'from out of service');
      await bench.mustServe('after restore');
      return evidence;
    },
  },
  {
    says: 'a second restore changes nothing',
    mend: 'look first: what is in service already is done, and is not disturbed',
    look: async (bench) => {
      await bench.must('restore', 'the first time');
      const before = await bench.identity();
      const evidence = await bench.must('restore', 'the second time');
      await bench.mustServe('after the second restore');
      mustBeEqual(before, await bench.identity(), 'the second restore');
      return evidence;
    },
  },
  {
    says: 'restore repairs what broke',
    mend: 'restore starts from whatever it finds, also from the remains of a failure',
    notFor: cannotBreak,
    look: async (bench) => {
      await bench.must('restore', 'before it broke');
      await bench.break();
      const evidence = await bench.must('restore', 'after it broke');
      await bench.mustServe('after restore');
      return evidence;
    },
  },
  {
    says: 'recover repairs what broke',
    mend: 'answer failed when it cannot be repaired in place, so that the engine removes and restores it',
    notFor: (bench) => (bench.kit.recover === undefined ? 'the kit has no recover' : cannotBreak(bench)),
    look: async (bench) => {
      await bench.must('restore', 'before it broke');
      await bench.break();
      const evidence = await bench.must('recover', 'after it broke');
      await bench.mustServe('after recover');
      return evidence;
    },
  },
];

export function mustBeEqual(before: string, after: string, what: string): void {
  if (before !== after) throw new Broken(`${what} changed it: before "${before}", after "${after}"`);
}

/** Restores it unless it serves, for rules that begin in service. */
export async function bringUp(bench: Bench): Promise<void> {
  if (!(await bench.serves())) await bench.must('restore', 'to begin with');
}
