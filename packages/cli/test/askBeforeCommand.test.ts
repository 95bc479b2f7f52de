import { PassThrough } from 'node:stream';
import type { Client } from '@holdfast/client';
import type { CommandRequest, SaidPlan } from '@holdfast/core';
import { describe, expect, test } from '@jest/globals';
import { askBeforeCommand } from '../src/follow/askBeforeCommand.ts';
import { questionBefore } from '../src/follow/takesDown.ts';
import { noPaint } from '../src/program/screen.ts';

const remove = { action: 'remove', tag: 'disk' } satisfies CommandRequest;

describe('a person at a terminal', () => {
  test('is shown what goes down and asked, and yes lets the command through', async () => {
    const asked = await asking({ steps: ['remove web', 'remove disk'], types: 'y\n' });
    expect(asked).toMatchObject({ exitCode: undefined, planned: 1 });
    expect(asked.printed.join('\n')).toContain('remove web');
  });

  test.each(['n\n', '\n', ''])('who answers %j ends it with nothing done', async (types) => {
    const asked = await asking({ steps: ['remove web', 'remove disk'], types });
    expect(asked.exitCode).toBe(1);
    expect(asked.printed.at(-1)).toBe('nothing was done');
  });

  test('is not asked when nothing goes down', async () => {
    expect(await asking({ steps: ['restore disk'], types: '' })).toMatchObject({
      exitCode: undefined,
      printed: [],
    });
  });

  test('is not asked with --yes, for a dry run, or for JSON', async () => {
    const steps = ['remove disk'];
    for (const options of [{ yes: true }, { dryRun: true }, { isJson: true }])
      expect(await asking({ steps, types: '', ...options })).toMatchObject({
        exitCode: undefined,
        planned: 0,
      });
  });
});

test('a script without a terminal is never asked', async () => {
  const asked = await asking({ steps: ['remove disk'], types: '', isTerminal: false });
  expect(asked).toMatchObject({ exitCode: undefined, planned: 0 });
});

test('the question names what goes, and says whether it comes back', () => {
  expect(questionBefore(planOf(['remove web', 'remove disk']))).toBe(
    'This takes web, disk out of service. Go on?',
  );
  expect(questionBefore(planOf(['remove web', 'restore web']))).toBe(
    'This takes web out of service until it is restored again. Go on?',
  );
  expect(questionBefore(planOf(['remove a', 'remove b', 'remove c', 'remove d', 'remove e']))).toBe(
    'This takes a, b, c and 2 more out of service. Go on?',
  );
  expect(questionBefore(planOf(['restore web']))).toBeUndefined();
});

function planOf(steps: readonly string[]): SaidPlan {
  return {
    steps: steps.map((step) => {
      const [action, tag] = step.split(' ') as ['restore' | 'remove', string];
      return {
        id: step,
        node: 'alpha',
        tag,
        action,
        after: [],
        because: { code: 'requested', says: 'requested' },
      };
    }),
    notes: [],
  };
}

async function asking(given: {
  steps: readonly string[];
  types: string;
  isTerminal?: boolean;
  isJson?: boolean;
  yes?: boolean;
  dryRun?: boolean;
}) {
  const { steps, types, isTerminal = true, isJson = false, yes = false, dryRun = false } = given;
  const printed: string[] = [];
  let planned = 0;
  const client = {
    command: async () => {
      planned += 1;
      return { ok: true, value: { fromEvent: 0, plan: planOf(steps) } };
    },
  } as unknown as Client;
  const input = Object.assign(new PassThrough(), { isTTY: isTerminal });
  // A person who answers is still there; only one who is gone ends the input.
  if (types === '') input.end();
  else input.write(types);
  const out = {
    print: (...lines: readonly string[]) => printed.push(...lines),
    write: () => undefined,
    size: () => ({ width: 80, rows: 24 }),
    width: 80,
    isTerminal,
    paint: noPaint,
  };
  const around = { input: input as unknown as NodeJS.ReadStream, out };
  const exitCode = await askBeforeCommand({ around, client, isJson }, { ...remove, dryRun }, { yes });
  return { exitCode, printed, planned };
}
