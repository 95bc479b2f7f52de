import {
  checkPlan,
  type Forecast,
  forecast,
  type NodeName,
  readWorld,
  type State,
  type Tag,
} from '@holdfast/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { carryOut, type Places, serves } from '../model/carryOut.ts';
import { oneOrder } from '../model/orders.ts';
import { holds } from '../model/property.ts';
import { type RandomWorld, randomWorld } from '../model/randomWorld.ts';

const picks = fc.array(fc.nat(), { minLength: 30, maxLength: 30 });
const anything = randomWorld();
const plain = randomWorld({ kind: 'plain' });
const tidy = randomWorld({ kind: 'tidy' });

describe('every forecast', () => {
  test('is the same, byte for byte, when it is made again', () => {
    holds(
      fc.property(anything, ({ world }) => {
        expect(JSON.stringify(forecast(world))).toBe(JSON.stringify(forecast(world)));
      }),
    );
  });

  test('comes to an end, and names no step twice and nothing as left twice', () => {
    holds(
      fc.property(anything, ({ world }) => {
        const { steps, blocked } = forecast(world);
        expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
        expect(new Set(blocked.map(({ tag }) => tag)).size).toBe(blocked.length);
      }),
      500,
    );
  });

  test('is made of plans that checkPlan finds sound on the node that made them', () => {
    holds(
      fc.property(anything, ({ world }) => {
        forecast(world, (view, { plans }) => {
          const stateOn = (node: NodeName) => (tag: Tag) =>
            view.nodes[node]?.alive === 'gone' ? 'OSU' : (view.states[node]?.[tag]?.state ?? 'ILLSTATE');
          for (const plan of plans) expect(checkPlan(plan, world.configuration, stateOn)).toEqual([]);
        });
      }),
      300,
    );
  });

  test('can be carried out in any order that it allows, and never runs anything on two nodes', () => {
    holds(
      fc.property(anything, picks, (given, picked) => {
        const order = inOneOrder(forecast(given.world).steps, picked);
        // In a wild world, what is restarted now may come after what can only go when that is back.
        const rules = { isOrderOnlyHeld: false };
        expect(carryOut(order, given.world.configuration, placesOf(given), rules).broken).toBeUndefined();
      }),
      1000,
    );
  });

  test('moves a hierarchy as one: nothing is restored before all of it is removed elsewhere', () => {
    holds(
      fc.property(anything, picks, ({ world }, picked) => {
        const order = inOneOrder(forecast(world).steps, picked);
        for (const { tags } of world.configuration.hierarchies) {
          const mine = order.filter(({ tag }) => tags.includes(tag));
          for (const [at, step] of mine.entries()) {
            if (step.action === 'remove') continue;
            const late = mine
              .slice(at)
              .filter(({ action, node }) => action === 'remove' && node !== step.node);
            expect(late).toEqual([]);
          }
        }
      }),
      300,
    );
  });

  test('restores only what is wanted, removes only what is not out, and acts on no node that is down', () => {
    holds(
      fc.property(anything, ({ written, world }) => {
        const dead = deadIn(written);
        for (const { action, tag, node } of forecast(world).steps) {
          expect(dead.has(node)).toBe(false);
          if (action !== 'remove') expect([tag, isWanted(written, tag)]).toEqual([tag, true]);
          else if (!hasFailed(written, tag))
            expect([tag, written.states[node]?.[tag]]).not.toEqual([tag, 'OSU']);
        }
      }),
      300,
    );
  });

  test('ends with all that is wanted in service on one node, or says why not', () => {
    holds(
      fc.property(anything, (given) => {
        const { written, world } = given;
        const said = forecast(world);
        const left = new Set(said.blocked.map(({ tag }) => tag));
        const after = afterwards(given, said);
        for (const tag of world.configuration.resources.keys()) {
          const up = [...after].filter(([, states]) => serves(states.get(tag)));
          if (!left.has(tag)) expect([tag, up.length]).toEqual([tag, isWanted(written, tag) ? 1 : 0]);
        }
        for (const { tags } of world.configuration.hierarchies) {
          const up = tags.filter((tag) => [...after.values()].some((on) => serves(on.get(tag))));
          const nodes = [...after].filter(([, on]) => tags.some((tag) => serves(on.get(tag))));
          // A conflict that nobody may end is reported.
          if (nodes.length > 1) expect(up.filter((tag) => !left.has(tag))).toEqual([]);
        }
      }),
      500,
    );
  });

  test('leaves nothing to do: a forecast of the world that it leads to has no step', () => {
    holds(
      fc.property(plain, (given) => {
        const said = forecast(given.world);
        const after = afterwards(given, said);
        // What was adopted and taken down has no intent in the second world, and is not wanted there.
        const adopted = [...given.world.configuration.resources.keys()].filter(
          (tag) => !Object.hasOwn(given.written.intent, tag) && isWanted(given.written, tag),
        );
        if (said.steps.some(({ tag }) => adopted.includes(tag))) return;
        // A failure that is left, or that a hierarchy fled from, is forgotten in the second world.
        const failed = [...given.world.configuration.resources.keys()].filter((tag) =>
          hasFailed(given.written, tag),
        );
        if (given.written.policy !== undefined && failed.length > 0) return;
        if (said.blocked.some(({ tag }) => failed.includes(tag))) return;
        // So is the pause of what was taken down.
        const isPaused = (tag: string) => Object.values(given.written.states).some((on) => on[tag] === 'ISU');
        if (said.steps.some(({ tag }) => isPaused(tag))) return;
        const down = given.written.events.filter((event) => 'nodeDown' in (event as object));
        // A dead node stands as it was given: that something was paused there is not forgotten.
        const living = [...after].filter(([node]) => !deadIn(given.written).has(node));
        // A world has no claims: where all that served was taken down and a failed part is left, the second one cannot
        // know whose that is.
        const isOrphaned = ({ tags }: { tags: readonly Tag[] }) => {
          const left = living.flatMap(([, on]) => tags.map((tag) => on.get(tag)));
          const isTouched = said.steps.some(({ tag }) => tags.includes(tag));
          return isTouched && !left.some(serves) && left.some((state) => state !== 'OSU');
        };
        if (given.world.configuration.hierarchies.some(isOrphaned)) return;
        const found = living.map(([node, on]) => [node, Object.fromEntries(on)] as const);
        const states = { ...given.written.states, ...Object.fromEntries(found) };
        const again = readWorld({ ...given.written, states, events: down });
        if (!again.ok) throw new Error('the same world reads again');
        expect(forecast(again.value).steps.map(({ id }) => id)).toEqual([]);
      }),
      500,
    );
  });

  test('touches no hierarchy that is as wanted', () => {
    holds(
      fc.property(tidy, (given) => {
        const { written, world } = given;
        const touched = new Set(forecast(world).steps.map(({ tag }) => tag));
        const events = JSON.stringify(written.events);
        if (deadIn(written).size > 0) return;
        for (const { tags } of world.configuration.hierarchies) {
          const isSettled = tags.every((tag) => {
            const wanted = written.intent[tag] as { inService: string } | 'outOfService';
            const up = Object.entries(written.states)
              .filter(([, on]) => on[tag] === 'ISP')
              .map(([node]) => node);
            return wanted === 'outOfService'
              ? up.length === 0
              : up.length === 1 && up[0] === wanted.inService;
          });
          if (!isSettled || tags.some((tag) => events.includes(`"failed":"${tag}"`))) continue;
          expect(tags.filter((tag) => touched.has(tag))).toEqual([]);
        }
      }),
    );
  });
});

describe('in a tidy world', () => {
  test('also what is order only is held, whatever order is taken', () => {
    holds(
      fc.property(tidy, picks, (given, picked) => {
        const order = inOneOrder(forecast(given.world).steps, picked);
        expect(carryOut(order, given.world.configuration, placesOf(given)).broken).toBeUndefined();
      }),
    );
  });

  test('everything wanted ends in service on the node that was asked for, when it is alive', () => {
    holds(
      fc.property(tidy, (given) => {
        const { written, world } = given;
        const goal = Object.values(written.intent).find((one) => one !== 'outOfService') as
          | { inService: string }
          | undefined;
        if (goal === undefined || deadIn(written).has(goal.inService)) return;
        const said = forecast(world);
        expect(said.blocked).toEqual([]);
        const after = afterwards(given, said);
        for (const [tag, wanted] of Object.entries(written.intent))
          expect([tag, serves(after.get(goal.inService as NodeName)?.get(tag as Tag))]).toEqual([
            tag,
            wanted !== 'outOfService',
          ]);
      }),
      300,
    );
  });

  test('everything wanted ends in service somewhere, as long as a node is alive', () => {
    holds(
      fc.property(tidy, (given) => {
        const { written, world } = given;
        if (deadIn(written).size === written.nodes.length) return;
        const after = afterwards(given, forecast(world));
        for (const [tag, wanted] of Object.entries(written.intent)) {
          const up = [...after.values()].filter((on) => serves(on.get(tag as Tag)));
          expect([tag, up.length]).toEqual([tag, wanted === 'outOfService' ? 0 : 1]);
        }
      }),
      300,
    );
  });
});

function inOneOrder(steps: Forecast['steps'], picked: readonly number[]) {
  return oneOrder({ goal: { kind: 'as-wanted' }, basedOn: 0, steps, notes: [] }, picked);
}

function hasFailed({ events }: RandomWorld['written'], tag: string): boolean {
  return events.some((event) => (event as { failed?: string }).failed === tag);
}

function deadIn({ events }: RandomWorld['written']): Set<string> {
  return new Set(events.flatMap((event) => (event as { nodeDown?: string }).nodeDown ?? []));
}

/** Where everything stands when the events have happened; what ran on a dead node is gone. */
function placesOf({ written, world }: RandomWorld): Places {
  const dead = deadIn(written);
  const places: Places = new Map();
  for (const node of world.configuration.nodes) {
    const on = new Map<Tag, State>();
    for (const tag of world.configuration.resources.keys())
      on.set(tag, dead.has(node) ? 'OSU' : ((written.states[node]?.[tag] ?? 'OSU') as State));
    places.set(node, on);
  }
  for (const event of written.events) {
    const { failed } = event as { failed?: Tag };
    if (failed === undefined) continue;
    for (const on of places.values()) if (on.get(failed) === 'ISP') on.set(failed, 'OSF');
  }
  return places;
}

function afterwards(given: RandomWorld, { steps }: Forecast): Places {
  return carryOut(steps, given.world.configuration, placesOf(given), { isOrderOnlyHeld: false }).after;
}

/** What has no intent is wanted if it is in service, as an agent adopts it. */
function isWanted({ intent, states }: RandomWorld['written'], tag: string): boolean {
  if (Object.hasOwn(intent, tag)) return typeof intent[tag] === 'object';
  return Object.values(states).some((on) => serves(on[tag] as State | undefined));
}
