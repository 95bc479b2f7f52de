import type { FenceDevice, NodeName } from '@holdfast/core';
import { expect, test } from '@jest/globals';
import { tryLevels } from '../../src/cluster/tryLevels.ts';
import type { FenceAction } from '../../src/ports.ts';

const device = (name: string, attempts = 1): FenceDevice => ({
  ...{ name, attempts, agent: 'fence_x', parameters: {}, timeout: 1_000 },
});

/** Tries levels of devices that fail when they are named so; answers what was told to which, in order. */
async function tried(
  levels: readonly (readonly FenceDevice[])[],
  action: 'off' | 'reboot' = 'off',
  mayGoOn = () => true,
) {
  const told: string[] = [];
  const answer = await tryLevels({
    node: 'alpha' as NodeName,
    fencing: { action, levels },
    fencer: {
      run: async ({ device: { name }, action: what }: { device: FenceDevice; action: FenceAction }) => {
        told.push(`${what} ${name}`);
        const ok = !name.startsWith('broken') && !(what === 'on' && name.startsWith('deaf'));
        return { ok, exitCode: ok ? 0 : 1, says: ok ? 'done' : 'no answer', tookMs: 1 };
      },
      findProblems: async () => [],
    },
    mayGoOn,
    onTry: () => undefined,
    signal: new AbortController().signal,
  });
  return { ...answer, told };
}

test('the first level that does it is enough', async () => {
  expect(await tried([[device('ipmi')], [device('pdu')]])).toEqual({
    done: true,
    level: 1,
    says: 'level 1: ipmi',
    told: ['off ipmi'],
  });
});

test('a device is tried as often as it may be, then the next level', async () => {
  const answer = await tried([[device('broken-ipmi', 2)], [device('pdu')]]);
  expect(answer).toMatchObject({ done: true, level: 2 });
  expect(answer.told).toEqual(['off broken-ipmi', 'off broken-ipmi', 'off pdu']);
});

test('all devices of a level have to do it, and every failure is told', async () => {
  const answer = await tried([[device('pdu-a'), device('broken-pdu-b')], [device('broken-ipmi')]]);
  expect(answer).toMatchObject({
    done: false,
    says: 'level 1: broken-pdu-b: no answer; level 2: broken-ipmi: no answer',
  });
});

test('a machine with two supplies is off on both before one of them is on again', async () => {
  const answer = await tried([[device('pdu-a'), device('deaf-pdu-b')]], 'reboot');
  // That it does not come back keeps nobody waiting: it was off.
  expect(answer).toMatchObject({
    done: true,
    told: ['off pdu-a', 'off deaf-pdu-b', 'on pdu-a', 'on deaf-pdu-b'],
  });
});

test('nothing more is tried once the right to act is lost', async () => {
  let left = 1;
  const answer = await tried([[device('broken-a', 3)], [device('b')]], 'off', () => left-- > 0);
  expect(answer.done).toBe(false);
  expect(answer.told).toEqual(['off broken-a']);
});
