import { answerCommand, type Command, decide, type Step, type Tag, type View } from '@holdfast/core';
import { randomWorld, viewOf } from '@holdfast/testkit';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { serves } from '../model/carryOut.ts';
import { withClaims, withIntents } from '../model/loop.ts';
import { holds } from '../model/property.ts';

const commands = (tag: Tag) =>
  fc.constantFrom<Command>(
    { action: 'restore', tag, parents: true, refuseIfElsewhere: false },
    { action: 'restore', tag, parents: false, refuseIfElsewhere: false },
    { action: 'remove', tag, reach: 'above' },
    { action: 'remove', tag, reach: 'only' },
    { action: 'remove', tag, reach: 'whole' },
  );

/** A world in which everything is as its intent says: what is in service is wanted, and nothing else is. */
const commandInSettledWorld = randomWorld({ states: 'consistent' }).chain((world) =>
  fc.tuple(fc.constant(world), commands(world.tag), fc.boolean()),
);

test('a dry run prints the very steps that the run then performs', () => {
  holds(
    fc.property(commandInSettledWorld, ([{ configuration, states }, command, isClaimed]) => {
      const stateOf = (tag: Tag) => (states.get(tag) === 'OSF' ? 'OSU' : states.get(tag)!);
      const wanted = [...states.keys()].filter((tag) => serves(stateOf(tag)));
      // Where nothing is in service nobody may have the claim yet.
      const claim = isClaimed || wanted.length > 0 ? {} : 'none';
      const view = viewOf({ configuration, stateOf, wanted, claim });
      expect(decide(configuration, view).plans).toEqual([]);

      const answer = answerCommand(configuration, view, command);
      if (!answer.ok) {
        expect(answer.problems.map(({ code }) => code)).toEqual(['PARENT_IN_SERVICE']);
        return;
      }
      const asked = withIntents(view, answer.value.intents, answer.value.want);
      expect(performed(configuration, asked)).toEqual(said(answer.value.plan.steps));
    }),
    1000,
  );
});

test('a command given twice changes nothing more', () => {
  holds(
    fc.property(commandInSettledWorld, ([{ configuration, states, stateOf }, command]) => {
      const wanted = [...states.keys()].filter((tag) => serves(states.get(tag)));
      const view = viewOf({ configuration, stateOf, wanted });
      const first = answerCommand(configuration, view, command);
      fc.pre(first.ok);
      const asked = withIntents(view, first.value.intents, first.value.want);
      const again = answerCommand(configuration, asked, command);
      expect(again).toMatchObject({ ok: true, value: { plan: first.value.plan } });
    }),
  );
});

test('a command for a tag that there is not is refused, with the nearest that there is', () => {
  holds(
    fc.property(randomWorld(), ({ configuration, stateOf }) => {
      const view = viewOf({ configuration, stateOf, wanted: [] });
      const command = { action: 'remove', tag: 'mali' as Tag, reach: 'above' } as const;
      expect(answerCommand(configuration, view, command)).toMatchObject({
        ok: false,
        problems: [{ code: 'UNKNOWN_RESOURCE', path: 'mali' }],
      });
    }),
    5,
  );
});

/** The first decision may only ask for the claim; what is decided when it is there is what is performed. */
function performed(configuration: Parameters<typeof decide>[0], view: View): string[] {
  const first = decide(configuration, view);
  const plans = first.take.length > 0 ? decide(configuration, withClaims(view, first)).plans : first.plans;
  return said(plans.flatMap(({ steps }) => steps));
}

function said(steps: readonly Step[]): string[] {
  return steps.map(({ node, action, tag }) => `${action} ${tag} on ${node}`).sort();
}
