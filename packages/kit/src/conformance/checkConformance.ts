import { z } from 'zod';
import type { Kit } from '../contract.ts';
import { Bench, Broken } from './bench.ts';
import { checkRules } from './checkRules.ts';
import { removeRules } from './removeRules.ts';
import { restoreRules } from './restoreRules.ts';
import type { Rule } from './rule.ts';
import { findLeftovers, takeSnapshot } from './snapshot.ts';
import type { World } from './world.ts';

export type Row = Readonly<{
  rule: string;
  outcome: 'passed' | 'failed' | 'not-applicable';
  saw: string;
  mend: string;
}>;

const [settingsRule, ...otherRestoreRules] = restoreRules;

/** In this order: what was never restored is removed first, and each rule begins from where the last one ended. */
const triedRules: readonly Rule[] = [
  settingsRule!,
  removeRules.find(({ says }) => says.includes('never was in'))!,
  ...otherRestoreRules,
  ...removeRules.filter(({ says }) => !says.includes('never was in')),
  ...checkRules,
];

/** Kept all along, while the others are tried. */
const watchedRules = {
  bystanders: {
    says: 'bystanders are undisturbed all along',
    mend: 'touch only what is known by identity to be its own: never by name, by user or by port',
  },
  leftovers: {
    says: 'nothing is left behind: no process, no mount, no address',
    mend: 'remove looks for everything that restore can make, also what it made before it failed',
  },
  output: {
    says: 'no action writes output without end',
    mend: 'write a few lines; let what is long go to a file of its own, and give up the output of a service',
  },
  secrets: {
    says: 'no secret is told: not in an answer, not in the log, not in an argument',
    mend: 'hand a secret on by the name of its file or through standard input, and print it nowhere',
  },
  answers: {
    says: 'every answer has the right form and shows evidence',
    mend: 'return done(), failed() or found() with evidence, and do not throw for expected trouble',
  },
} as const;

/** The names of all rules, in the order of the rows. */
export const conformanceRules: readonly string[] = [
  ...triedRules.map(({ says }) => says),
  ...Object.values(watchedRules).map(({ says }) => says),
];

/** Tries a kit against every rule, on this very node; leaves the resource out of service. */
export async function checkConformance(kit: Kit, world: World): Promise<readonly Row[]> {
  const settings = kit.settings.safeParse(world.settings);
  if (!settings.success)
    throw new CannotBeTried(`the settings are refused:\n${z.prettifyError(settings.error)}`);
  const bench = new Bench(kit, world, settings.data);
  if (await bench.serves())
    throw new CannotBeTried('the resource is in service already; begin with it out of service');
  await bench.begin();
  const bystanders = await probeBystanders(bench);
  const snapshot = await takeSnapshot();
  const disturbed: string[] = [];
  const left: string[] = [];
  const rows: Row[] = [];

  for (const rule of triedRules) {
    rows.push(await tryRule(rule, bench));
    const now = await probeBystanders(bench);
    for (const [name, says] of now) {
      const before = bystanders.get(name);
      if (before !== says)
        disturbed.push(`${name} during "${rule.says}": before "${before}", after "${says}"`);
    }
    // Each rule may end in service; leftovers are looked for when it is out.
    if (left.length === 0) {
      await bench.call('remove');
      const found = await findLeftovers(snapshot);
      if (found.length > 0) left.push(`${found.join(', ')} after "${rule.says}"`);
    }
  }

  await bench.end();
  return [
    ...rows,
    watched(watchedRules.bystanders, disturbed, `${bystanders.size} watched`),
    watched(watchedRules.leftovers, left, 'as before'),
    watched(watchedRules.output, [...bench.heard.floods], 'all within bounds'),
    watched(watchedRules.secrets, [...bench.heard.told], sayWatched(world)),
    watched(watchedRules.answers, [...new Set(bench.faults)], 'all answers'),
  ];
}

/** What is wrong is the world, not the kit. */
export class CannotBeTried extends Error {
  override name = 'CannotBeTried';
}

function sayWatched({ secrets }: World): string {
  return secrets.length === 0 ? 'the world names no secrets' : `${secrets.length} watched`;
}

async function tryRule(rule: Rule, bench: Bench): Promise<Row> {
  const { says, mend } = rule;
  const notFor = rule.notFor?.(bench);
  if (notFor !== undefined) return { rule: says, outcome: 'not-applicable', saw: notFor, mend };
  try {
    return { rule: says, outcome: 'passed', saw: await rule.look(bench), mend };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { rule: says, outcome: 'failed', saw: error.message, mend };
  }
}

function watched(rule: { says: string; mend: string }, wrong: readonly string[], saw: string): Row {
  return {
    rule: rule.says,
    outcome: wrong.length === 0 ? 'passed' : 'failed',
    saw: wrong.length === 0 ? saw : wrong.slice(0, 3).join('; '),
    mend: rule.mend,
  };
}

async function probeBystanders(bench: Bench): Promise<ReadonlyMap<string, string>> {
  const probes = bench.world.bystanders.map(async ({ name, probe }) => {
    const { ok, stdout, says } = await bench.run(probe);
    return [name, ok ? stdout.trim() : `unreachable: ${says}`] as const;
  });
  return new Map(await Promise.all(probes));
}
