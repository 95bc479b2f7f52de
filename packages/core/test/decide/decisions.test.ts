import {
  checkPlan,
  type Decision,
  decide,
  type NodeName,
  type Step,
  type Tag,
  type View,
} from '@holdfast/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { carryOut, placesOf, serves } from '../model/carryOut.ts';
import { isNothing, settle } from '../model/loop.ts';
import { oneOrder } from '../model/orders.ts';
import { holds } from '../model/property.ts';
import { randomSituation, type Situation } from '../model/randomView.ts';

const alpha = 'alpha' as NodeName;
const picks = fc.array(fc.nat(), { minLength: 20, maxLength: 20 });
const anything = randomSituation({ claims: 'any' });
const owned = randomSituation();

describe('every decision', () => {
  test('is the same when it is made twice from one view', () => {
    holds(
      fc.property(anything, ({ configuration, view }) => {
        expect(JSON.stringify(decide(configuration, view))).toBe(JSON.stringify(decide(configuration, view)));
      }),
    );
  });

  test('has plans that checkPlan finds sound', () => {
    holds(
      fc.property(anything, ({ configuration, view }) => {
        for (const plan of decide(configuration, view).plans)
          expect(checkPlan(plan, configuration, stateOn(view))).toEqual([]);
      }),
      1000,
    );
  });

  test('has plans that are legal together, in whatever order their steps are done', () => {
    holds(
      fc.property(anything, picks, ({ configuration, view }, picked) => {
        const steps = stepsOf(decide(configuration, view));
        const all = { goal: { kind: 'as-wanted' }, basedOn: 0, steps, notes: [] } as const;
        const places = placesOf(configuration, stateOn(view), [alpha]);
        expect(carryOut(oneOrder(all, picked), configuration, places).broken).toBeUndefined();
      }),
      1000,
    );
  });

  test('restores and recovers only what is wanted in service, and removes only what may run', () => {
    holds(
      fc.property(anything, ({ configuration, view }) => {
        for (const { tag, action } of stepsOf(decide(configuration, view))) {
          if (action !== 'remove') expect([tag, view.intents[tag]!.want]).toEqual([tag, 'inService']);
          else expect([tag, view.states[alpha]![tag]!.state]).not.toEqual([tag, 'OSU']);
        }
      }),
      1000,
    );
  });

  test('restores nothing of a hierarchy that this node has no claim of', () => {
    holds(
      fc.property(anything, ({ configuration, view }) => {
        const isOurs = (tag: Tag) => {
          const { id } = view.hierarchies.find(({ tags }) => tags.includes(tag))!;
          const claim = view.claims[id];
          return claim?.node === alpha && !claim.clean && claim.boot === view.boot;
        };
        const restored = stepsOf(decide(configuration, view)).filter(({ action }) => action !== 'remove');
        expect(restored.filter(({ tag }) => !isOurs(tag))).toEqual([]);
      }),
    );
  });

  test('says of everything that is not as wanted what is done about it, or why nothing is', () => {
    holds(
      fc.property(owned, ({ configuration, view }) => {
        const decision = decide(configuration, view);
        const spokenOf = new Set([...stepsOf(decision), ...decision.blocked].map(({ tag }) => tag));
        expect(unsettled({ configuration, view }).filter((tag) => !spokenOf.has(tag))).toEqual([]);
      }),
    );
  });

  test('does not say of one resource that it is acted on and that it is left', () => {
    holds(
      fc.property(anything, ({ configuration, view }) => {
        const decision = decide(configuration, view);
        const blocked = decision.blocked.map(({ tag }) => tag);
        expect(new Set(blocked).size).toBe(blocked.length);
        const acted = new Set(
          stepsOf(decision)
            .filter(({ action }) => action !== 'remove')
            .map(({ tag }) => tag),
        );
        expect(blocked.filter((tag) => acted.has(tag))).toEqual([]);
      }),
    );
  });

  test('moves nothing of a hierarchy in which a step is under way: it repairs in place what rests on nothing of it', () => {
    holds(
      fc.property(owned, fc.nat(), ({ configuration, view }, which) => {
        const tags = configuration.graph.tags();
        const busy = tags[which % tags.length]!;
        const mates = configuration.hierarchies.find((one) => one.tags.includes(busy))!.tags;
        const steps = stepsOf(decide(configuration, { ...view, busy: [busy] }));
        const inIt = steps.filter(({ tag }) => mates.includes(tag));
        // What is order only may make it wait for a step of another hierarchy, which goes on.
        const idsInIt = new Set(inIt.map(({ id }) => id));
        const isInPlace = ({ tag, action, after }: Step) =>
          action === 'recover' &&
          !after.some((id) => idsInIt.has(id)) &&
          tag !== busy &&
          !configuration.graph.needsOf(tag).includes(busy) &&
          !configuration.graph.earlierThan(tag).includes(busy);
        expect(inIt.filter((step) => !isInPlace(step))).toEqual([]);
      }),
    );
  });
});

describe('deciding and doing, again and again', () => {
  test('comes to rest, wherever it began and whatever is wanted', () => {
    holds(
      fc.property(anything, ({ configuration, view }) => {
        expect(settle(configuration, view, { turns: turnsMax(configuration) })).toBeDefined();
      }),
      1000,
    );
  });

  test('ends with all that is wanted in service and all else out, when nothing has failed for good', () => {
    holds(
      fc.property(randomSituation({ failures: false }), ({ configuration, view }) => {
        // Intents that can be had together: whatever something wanted rests on is wanted too.
        const { graph } = configuration;
        const wanted = graph.tags().filter((tag) => view.intents[tag]!.want === 'inService');
        const all = new Set([...wanted, ...graph.below(wanted)]);
        const intents = { ...view.intents };
        for (const tag of all) intents[tag] = { ...intents[tag]!, want: 'inService' };
        const settled = settle(configuration, { ...view, intents }, { turns: turnsMax(configuration) });
        expect(settled && unsettled({ configuration, view: settled })).toEqual([]);
      }),
    );
  });

  test('comes to rest when restores and recovers of some resources fail every time', () => {
    holds(
      fc.property(owned, fc.nat(), ({ configuration, view }, bits) => {
        const tags = configuration.graph.tags();
        const fails = (tag: Tag) => ((bits >> tags.indexOf(tag)) & 1) === 1;
        expect(settle(configuration, view, { turns: 25, fails })).toBeDefined();
      }),
    );
  });

  test('brings up what is independent of a restore that fails, and nothing above it', () => {
    holds(
      fc.property(randomSituation({ failures: false }), fc.nat(), ({ configuration, view }, which) => {
        const { graph } = configuration;
        const tags = graph.tags();
        const broken = tags[which % tags.length]!;
        const allOut = allAt(view, tags, 'OSU');
        const settled = settle(configuration, allOut, { turns: 25, fails: (tag) => tag === broken })!;
        const stateOf = (tag: Tag) => settled.states[alpha]![tag]!.state;
        const dead = new Set<Tag>([broken]);
        for (const tag of graph.childrenFirst()) {
          const any = graph.needsAnyOf(tag);
          if (graph.needsOf(tag).some((child) => dead.has(child))) dead.add(tag);
          if (any.length > 0 && any.every((child) => dead.has(child))) dead.add(tag);
        }
        for (const tag of tags) {
          const expected = tag === broken ? 'OSF' : dead.has(tag) ? 'OSU' : 'ISP';
          expect([tag, stateOf(tag)]).toEqual([tag, expected]);
        }
      }),
    );

    function allAt(view: View, tags: readonly Tag[], state: 'OSU'): View {
      const records = { ...view.states[alpha]! };
      const intents = { ...view.intents };
      for (const tag of tags) {
        records[tag] = { ...records[tag]!, state, repairs: [] };
        intents[tag] = { ...intents[tag]!, want: 'inService' };
      }
      // Nobody else is there, so what cannot be restored here does not leave.
      const nodes: View['nodes'] = { ...view.nodes, ['beta' as NodeName]: { alive: 'not-known' } };
      return { ...view, nodes, states: { [alpha]: records } as View['states'], intents };
    }
  });

  test('finds nothing to do in a world that is as wanted', () => {
    holds(
      fc.property(owned, ({ configuration, view }) => {
        const settled = settle(configuration, view, { turns: turnsMax(configuration) })!;
        expect(isNothing(decide(configuration, settled))).toBe(true);
        expect(decide(configuration, settled).blocked.map(({ tag }) => tag)).toEqual(
          expect.arrayContaining(ownedUnsettled(configuration, settled)),
        );
      }),
    );
  });
});

/**
 * Take, bring up, give up, go, release, rest; and one turn for each failure that is tried again because what it rested
 * on came back.
 */
function turnsMax({ graph }: Situation['configuration']): number {
  return 6 + graph.tags().length;
}

function ownedUnsettled(configuration: Situation['configuration'], view: View): Tag[] {
  const isHeld = (tag: Tag) => {
    const { id } = view.hierarchies.find(({ tags }) => tags.includes(tag))!;
    return view.claims[id]?.clean === false;
  };
  return unsettled({ configuration, view }).filter(isHeld);
}

function unsettled({ configuration, view }: Situation): Tag[] {
  return configuration.graph.tags().filter((tag) => {
    const { state } = view.states[alpha]![tag]!;
    return view.intents[tag]!.want === 'inService' ? !serves(state) : state !== 'OSU';
  });
}

function stepsOf(decision: Decision): readonly Step[] {
  return decision.plans.flatMap(({ steps }) => steps);
}

function stateOn(view: View) {
  return (node: NodeName) => (tag: Tag) => view.states[node]?.[tag]?.state ?? 'ILLSTATE';
}
