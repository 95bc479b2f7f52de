import { checkPlan, type Plan, readDocument, type Step, showPlan } from '@holdfast/core';
import { documentOf, fakeTypes } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { carryOut, placesOf, serves } from '../model/carryOut.ts';
import { everyOrder, oneOrder } from '../model/orders.ts';
import { holds } from '../model/property.ts';
import { alpha, beta, type PlannedWorld, randomPlan } from '../model/randomPlan.ts';

const picks = fc.array(fc.nat(), { minLength: 20, maxLength: 20 });

describe('every plan', () => {
  test('is legal in whatever order its steps are done', () => {
    holds(
      fc.property(randomPlan(), picks, ({ plan, configuration, stateOn }, picked) => {
        const { broken } = carryOut(oneOrder(plan, picked), configuration, placesOf(configuration, stateOn));
        expect(broken).toBeUndefined();
      }),
      1000,
    );
  });

  test('is found sound by checkPlan', () => {
    holds(
      fc.property(randomPlan(), ({ plan, configuration, stateOn }) => {
        expect(checkPlan(plan, configuration, stateOn)).toEqual([]);
      }),
    );
  });

  test('lists its steps in an order in which they could be done', () => {
    holds(
      fc.property(randomPlan(), ({ plan, configuration, stateOn }) => {
        expect(carryOut(plan.steps, configuration, placesOf(configuration, stateOn)).broken).toBeUndefined();
      }),
    );
  });

  test('reaches its goal', () => {
    holds(fc.property(randomPlan(), (world) => expect(unreached(world, world.plan.steps)).toEqual([])));
  });

  test('has no step without which it would still be sound and reach its goal', () => {
    holds(
      fc.property(randomPlan(), (world) => {
        for (const dropped of world.plan.steps) {
          const rest = without(world.plan, dropped);
          expect({ dropped: dropped.id, isNeeded: isBroken(world, rest) }).toEqual({
            dropped: dropped.id,
            isNeeded: true,
          });
        }
      }),
    );
  });

  test('touches nothing that is already as it should be', () => {
    holds(
      fc.property(randomPlan(), ({ plan, stateOn }) => {
        const needless = plan.steps.filter(({ node, tag, action }) =>
          action === 'remove' ? stateOn(node)(tag) === 'OSU' : serves(stateOn(node)(tag)),
        );
        expect(needless).toEqual([]);
      }),
    );
  });

  test('leaves nothing to plan when it has been carried out', () => {
    holds(
      fc.property(randomPlan(), ({ plan, configuration, stateOn, planOn }) => {
        const { after } = carryOut(plan.steps, configuration, placesOf(configuration, stateOn));
        expect(planOn((node) => (tag) => after.get(node)!.get(tag)!).steps).toEqual([]);
      }),
    );
  });

  test('has a reason for each step', () => {
    holds(
      fc.property(randomPlan(), ({ plan }) => {
        for (const { because } of [...plan.steps, ...plan.notes]) {
          expect(because.says).not.toMatch(/undefined|null|^$/);
        }
      }),
    );
  });

  test('is the same, byte for byte, whatever the order of resources in the document', () => {
    holds(
      fc.property(randomPlan(), fc.integer(), (world, seed) => {
        const shuffled = reread(world, seed);
        expect(JSON.stringify(world.planOn(world.stateOn, shuffled))).toBe(JSON.stringify(world.plan));
      }),
    );
  });
});

describe('checkPlan', () => {
  const small = randomPlan({ resourcesMax: 6 }).filter(
    ({ plan }) => plan.steps.length > 0 && plan.steps.length <= 7,
  );

  test('refuses a plan that waits for too little, whenever some order of it is illegal', () => {
    holds(
      fc.property(small, fc.nat(), fc.nat(), (world, which, edge) => {
        const waiting = world.plan.steps.filter(({ after }) => after.length > 0);
        fc.pre(waiting.length > 0);
        const changed = waiting[which % waiting.length]!;
        const dropped = changed.after[edge % changed.after.length]!;
        refusesIfIllegal(world, {
          ...world.plan,
          steps: world.plan.steps.map((step) =>
            step === changed ? { ...step, after: step.after.filter((id) => id !== dropped) } : step,
          ),
        });
      }),
    );
  });

  test('refuses a plan that leaves a step out, whenever some order of the rest is illegal', () => {
    holds(
      fc.property(small, fc.nat(), (world, which) => {
        refusesIfIllegal(world, without(world.plan, world.plan.steps[which % world.plan.steps.length]!));
      }),
    );
  });

  test('refuses a plan that removes what should be restored, or the other way, whenever that is illegal', () => {
    holds(
      fc.property(small, fc.nat(), (world, which) => {
        const changed = world.plan.steps[which % world.plan.steps.length]!;
        const action = changed.action === 'remove' ? 'restore' : 'remove';
        refusesIfIllegal(world, {
          ...world.plan,
          steps: world.plan.steps.map((step) => (step === changed ? { ...step, action } : step)),
        });
      }),
    );
  });

  test('refuses a step that stands twice, and one that waits for what comes later', () => {
    const world = fc.sample(
      small.filter(({ plan }) => plan.steps.some(({ after }) => after.length > 0)),
      1,
    )[0]!;
    const { plan, configuration, stateOn } = world;
    const codes = (steps: readonly Step[]) =>
      checkPlan({ ...plan, steps }, configuration, stateOn).map(({ code }) => code);
    expect(codes([...plan.steps, plan.steps[0]!])).toEqual(['UNSOUND_PLAN']);
    expect(codes([...plan.steps].reverse())).toContain('UNSOUND_PLAN');
  });

  function refusesIfIllegal(world: PlannedWorld, changed: Plan): void {
    const { configuration, stateOn } = world;
    const places = placesOf(configuration, stateOn);
    const illegal = [...everyOrder(changed.steps)].find(
      (order) => carryOut(order, configuration, places).broken !== undefined,
    );
    if (illegal === undefined) return;
    expect({
      plan: showPlan(changed),
      broken: carryOut(illegal, configuration, places).broken,
      refused: checkPlan(changed, configuration, stateOn).length > 0,
    }).toMatchObject({ refused: true });
  }
});

/** What the operator asked for and the steps do not bring about, worked out from the document alone. */
function unreached({ configuration, tag, stateOn, kind }: PlannedWorld, steps: readonly Step[]): string[] {
  const { after } = carryOut(steps, configuration, placesOf(configuration, stateOn));
  const resources = [...configuration.resources.values()];
  const childrenOf = (one: string): string[] => {
    const { needs, needsAny } = resources.find((resource) => resource.tag === one)!;
    return [...needs, ...needsAny];
  };
  const wholeBelow = (one: string): string[] => [one, ...childrenOf(one).flatMap(wholeBelow)];
  const parentsOf = (one: string) => resources.filter((other) => childrenOf(other.tag).includes(one));
  const above = (one: string): string[] => [one, ...parentsOf(one).flatMap((other) => above(other.tag))];
  const stateAt = (node: typeof alpha, one: string) => after.get(node)!.get(one as typeof tag);
  const missing = (node: typeof alpha, tags: readonly string[]) =>
    [...new Set(tags)].filter((one) => !serves(stateAt(node, one)));

  switch (kind) {
    case 'restore':
      return serves(stateOn(alpha)(tag)) ? [] : missing(alpha, above(tag).flatMap(wholeBelow));
    case 'restore -s':
      return serves(stateOn(alpha)(tag)) ? [] : missing(alpha, wholeBelow(tag));
    case 'remove':
      return restsOnGone().filter((one) => stateAt(alpha, one) !== 'OSU');
    case 'remove -b': {
      // What stays below must be held by something that stays: needed, or the last of a list.
      const stays = (one: string) => stateAt(alpha, one) !== 'OSU';
      const isHeld = (one: string) =>
        parentsOf(one).some(
          (parent) =>
            stays(parent.tag) &&
            (parent.needs.includes(one as typeof tag) ||
              !parent.needsAny.some((other) => other !== one && serves(stateAt(alpha, other)))),
        );
      const below = childrenOf(tag).flatMap(wholeBelow);
      return [...restsOnGone().filter(stays), ...below.filter((one) => stays(one) && !isHeld(one))];
    }
    default: {
      const members = configuration.hierarchies.find(({ tags }) => tags.includes(tag))!.tags;
      const wasUp = members.filter((one) => serves(stateOn(alpha)(one)));
      const left = members.filter((one) => stateAt(alpha, one) !== 'OSU');
      return [...left, ...missing(beta, [tag, ...wasUp].flatMap(wholeBelow))];
    }
  }

  /** From the tag upward: what needs something that goes, or has nothing left of its list. */
  function restsOnGone(): string[] {
    const gone = new Set<string>([tag]);
    const hasOther = (list: readonly string[]) =>
      list.some((other) => !gone.has(other) && serves(stateOn(alpha)(other as typeof tag)));
    for (const one of configuration.graph.childrenFirst()) {
      const { needs, needsAny } = configuration.resources.get(one)!;
      const loses = needsAny.some((child) => gone.has(child)) && !hasOther(needsAny);
      const isAbove = needs.some((child) => gone.has(child)) || loses;
      if (stateOn(alpha)(one) !== 'OSU' && isAbove) gone.add(one);
    }
    return [...gone];
  }
}

function isBroken(world: PlannedWorld, plan: Plan): boolean {
  const { configuration, stateOn } = world;
  const { broken } = carryOut(plan.steps, configuration, placesOf(configuration, stateOn));
  return broken !== undefined || unreached(world, plan.steps).length > 0;
}

function without(plan: Plan, dropped: Step): Plan {
  const steps = plan.steps
    .filter((step) => step !== dropped)
    .map((step) => ({ ...step, after: step.after.filter((id) => id !== dropped.id) }));
  return { ...plan, steps };
}

/** The configuration of the world, from a document that lists its resources in another order. */
function reread({ configuration }: PlannedWorld, seed: number): PlannedWorld['configuration'] {
  const resources = [...configuration.resources.values()].map(
    ({ tag, type, needs, needsAny, after }) => [tag, { type, needs, needsAny, after }] as const,
  );
  const order = [...resources].sort((a, b) => rankOf(a[0], seed) - rankOf(b[0], seed));
  const read = readDocument(
    documentOf({ nodes: configuration.nodes, resources: Object.fromEntries(order) }),
    fakeTypes,
  );
  if (!read.ok) throw new Error('the order of resources made the document unsound');
  return read.value;
}

function rankOf(tag: string, seed: number): number {
  return Math.imul(tag.charCodeAt(0) ^ seed, 0x9e3779b1) >>> 0;
}
