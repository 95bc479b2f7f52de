import { whyNotNow } from '@holdfast/core';
import { hierarchy, states } from '@holdfast/testkit';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { carryOut, placesOf, serves } from '../model/carryOut.ts';
import { oneOrder } from '../model/orders.ts';
import { holds } from '../model/property.ts';
import { alpha, randomPlan } from '../model/randomPlan.ts';

const picks = fc.array(fc.nat(), { minLength: 20, maxLength: 20 });

test('no step of a plan is held back while all goes as planned', () => {
  holds(
    fc.property(randomPlan(), picks, ({ plan, configuration, stateOn }, picked) => {
      let places = placesOf(configuration, stateOn);
      for (const step of oneOrder(plan, picked)) {
        const here = places.get(step.node)!;
        expect(whyNotNow(configuration, step, (tag) => here.get(tag)!)).toBeUndefined();
        places = carryOut([{ ...step, after: [] }], configuration, places).after;
      }
    }),
  );
});

test('a step is held back exactly when it would break the order of the hierarchy now', () => {
  holds(
    fc.property(randomPlan(), fc.nat(), fc.boolean(), (world, which, isRemove) => {
      const { configuration, stateOn } = world;
      const tags = configuration.graph.tags();
      const tag = tags[which % tags.length]!;
      const action = isRemove ? 'remove' : 'restore';
      const step = { id: 'one', node: alpha, tag, action, after: [], because: { code: 'wanted', says: '' } };
      fc.pre(isRemove || !serves(stateOn(alpha)(tag)));
      const places = placesOf(configuration, stateOn, [alpha]);
      const { broken } = carryOut([step as never], configuration, places);
      const held = whyNotNow(configuration, step as never, stateOn(alpha));
      expect({ held, isHeld: held !== undefined }).toMatchObject({ isHeld: broken !== undefined });
    }),
    1000,
  );
});

test('what holds a step back is named', () => {
  const site = hierarchy`
    web needs db
  `;
  const restore = { action: 'restore', tag: 'web' } as never;
  expect(whyNotNow(site, restore, states`db OSF`)).toBe('it needs db, which is OSF');
  const remove = { action: 'remove', tag: 'db' } as never;
  const running = states`
    web ISP
    db  ISP
  `;
  expect(whyNotNow(site, remove, running)).toBe('web rests on it and is ISP');
});
