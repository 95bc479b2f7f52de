import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadKit } from '../src/index.ts';

const kits = fileURLToPath(new URL('kits', import.meta.url));

test('a kit is loaded by the path of its folder, also from elsewhere', async () => {
  expect(await loadKit(`${kits}/honest`)).toMatchObject({ ok: true, kit: { type: 'sleeper' } });
  expect(await loadKit('./honest', { from: kits })).toMatchObject({ ok: true });
});

test('a kit that is nowhere is refused with what was looked for', async () => {
  expect(await refusalsOf('no-such-type')).toEqual([
    expect.objectContaining({
      code: 'KIT_NOT_FOUND',
      why: 'the package @holdfast/kit-no-such-type was not found',
    }),
  ]);
  expect(await refusalsOf(`${kits}/none`)).toEqual([expect.objectContaining({ code: 'KIT_NOT_FOUND' })]);
});

test('everything that a kit lacks is told at once', async () => {
  expect((await refusalsOf(`${kits}/incomplete`)).map(({ why }) => why)).toEqual([
    'it has no budget for recover',
    'it has no remove',
  ]);
});

test('a module without a kit, one that throws, and one of another contract are told apart', async () => {
  expect(await refusalsOf(`${kits}/nothing`)).toEqual([expect.objectContaining({ code: 'KIT_INCOMPLETE' })]);
  expect(await refusalsOf(`${kits}/broken`)).toEqual([
    expect.objectContaining({ code: 'KIT_BROKEN', why: 'this kit cannot be loaded' }),
  ]);
  expect(await refusalsOf(`${kits}/otherContract`)).toEqual([
    expect.objectContaining({ code: 'KIT_OTHER_CONTRACT' }),
  ]);
});

async function refusalsOf(name: string) {
  const loaded = await loadKit(name);
  return loaded.ok ? [] : loaded.refusals;
}
