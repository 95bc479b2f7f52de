import { describe, expect, test } from '@jest/globals';
import type { SessionRecord } from '../../src/keeper/beatRecords.ts';
import type { FenceRecord } from '../../src/keeper/fenceRecord.ts';
import {
  askFence,
  confirmByPerson,
  type FenceFacts,
  isProvenDown,
  judgeFence,
  judgeJoin,
  leaveFence,
  type SeenFence,
} from '../../src/keeper/fenceRules.ts';

const own = { node: 'beta', id: 'b1', boot: 'boot-b', revision: 10 };
const ended: SessionRecord = { id: 'a1', boot: 'boot-a', begunAt: 0, endedBy: 'beta' };
const asked: FenceRecord = {
  session: 'a1',
  boot: 'boot-a',
  state: 'asked',
  by: 'gamma',
  bySession: 'g1',
  at: 0,
  why: 'silent',
  tries: 1,
  says: '',
};

/** Alpha gave no sign of life, its session was ended a moment ago, and it had a hierarchy. */
function facts(more: Partial<FenceFacts> = {}): FenceFacts {
  return {
    now: 5_000,
    own,
    node: 'alpha',
    session: { record: ended, revision: 20 },
    endedAt: 4_990,
    cause: { hierarchy: 'mail', revision: 7 },
    fence: undefined,
    others: [],
    turnRevision: 3,
    delay: 0,
    retry: { after: 1_000, atMost: 5_000 },
    takeAfter: 2_000,
    ...more,
  };
}
const seen = (record: Partial<FenceRecord>, more: Partial<SeenFence> = {}): SeenFence => ({
  record: { ...asked, ...record },
  revision: 30,
  firstSeenAt: 4_000,
  askerEndedAt: undefined,
  ...more,
});
const session = (more: Partial<SessionRecord>) => ({ record: { ...ended, ...more }, revision: 20 });

describe('a node is fenced', () => {
  test('when its session was ended and it had something that should run elsewhere', () => {
    expect(judgeFence(facts())).toEqual({ fence: true, tries: 1 });
  });

  test('by one transaction that rests on its session, its claim, our session and what was asked before', () => {
    const { when, write } = askFence(facts(), { at: 0, why: 'silent', tries: 1 });
    expect(when).toEqual([
      { key: 'session/beta', revision: 10 },
      { key: 'session/alpha', revision: 20 },
      { key: 'fence/alpha', revision: 0 },
      { key: 'fence-turn', revision: 3 },
      { key: 'claim/mail', revision: 7 },
    ]);
    expect(write.map(({ key }) => key)).toEqual(['fence/alpha', 'fence-turn']);
  });

  const { endedBy: _endedBy, ...living } = ended;
  test.each<[string, Partial<FenceFacts>, object]>([
    ['while its session lives', { session: { record: living, revision: 20 } }, { because: 'lives' }],
    ['that is this one', { node: 'beta' }, { because: 'lives' }],
    ['that went in order', { session: session({ endedBy: 'alpha' }) }, { because: 'went-in-order' }],
    ['that had nothing', { cause: undefined }, { because: 'no-cause' }],
    ['twice for one cause', { fence: seen({ state: 'confirmed' }) }, { because: 'confirmed' }],
    ['while another does it', { fence: seen({}) }, { because: 'under-way' }],
    [
      'by whoever takes it up before what the first began is over',
      { fence: seen({}, { askerEndedAt: 3_500 }) },
      { because: 'under-way' },
    ],
    ['while another node is fenced', { others: [seen({ session: 'x' })] }, { because: 'another-first' }],
    ['before the preferred survivor had its time', { delay: 100 }, { because: 'others-first', until: 5_090 }],
    [
      'again at once after all levels failed',
      { fence: seen({ state: 'failed', tries: 3 }) },
      { because: 'tried-again-later', until: 8_000 },
    ],
  ])('never %s', (_, more, verdict) => {
    expect(judgeFence(facts(more))).toEqual({ fence: false, ...verdict });
  });

  test('by the next one, when the session that asked for it is over and so is its time', () => {
    const fence = seen({}, { askerEndedAt: 2_900 });
    expect(judgeFence(facts({ fence }))).toEqual({ fence: true, tries: 2 });
  });

  test('again by who asked for it and did not do it', () => {
    const fence = seen({ bySession: 'b1', by: 'beta' });
    expect(judgeFence(facts({ fence }))).toEqual({ fence: true, tries: 2 });
  });

  test('again when the wait after a failure is over, and the wait has an end', () => {
    const fence = seen({ state: 'failed', tries: 40 });
    expect(judgeFence(facts({ fence, now: 8_999 }))).toMatchObject({ fence: false, until: 9_000 });
    expect(judgeFence(facts({ fence, now: 9_000 }))).toEqual({ fence: true, tries: 41 });
  });

  test('for its last session, whatever was asked about an earlier one', () => {
    const fence = seen({ session: 'a0', boot: 'boot-before', state: 'confirmed' });
    expect(judgeFence(facts({ fence }))).toEqual({ fence: true, tries: 1 });
  });
});

describe('a fence proves a node down', () => {
  const confirmed = { record: { ...asked, state: 'confirmed' as const }, revision: 30 };
  test.each<[string, SessionRecord, boolean]>([
    ['for the session that it was asked for', ended, true],
    ['not for a later one', { ...ended, id: 'a2' }, false],
    ['not while that lives', living(), false],
  ])('%s', (_, record, isProven) => {
    expect(isProvenDown({ record, revision: 20 }, confirmed)).toBe(isProven);
  });

  function living(): SessionRecord {
    const { endedBy: _, ...record } = ended;
    return record;
  }
});

describe('a node joins', () => {
  const times = { now: 5_000, takeAfter: 2_000 };
  const join = (boot: string, fence?: SeenFence) => judgeJoin('alpha', boot, fence, times);

  test('where nothing was asked about it, on condition that nothing is', () => {
    const condition = { key: 'fence/alpha', revision: 0 };
    expect(join('boot-a')).toEqual({ join: true, fence: condition, closes: false });
  });

  test('with a new boot after it was fenced, and closes that', () => {
    const condition = { key: 'fence/alpha', revision: 30 };
    expect(join('boot-2', seen({ state: 'confirmed' }))).toEqual({
      join: true,
      fence: condition,
      closes: true,
    });
  });

  test('never in a boot that others were told is down', () => {
    expect(join('boot-a', seen({ state: 'confirmed' }))).toMatchObject({
      join: false,
      because: 'fenced-in-this-boot',
    });
  });

  test('in the same boot, when it could not be fenced', () => {
    expect(join('boot-a', seen({ state: 'failed' }))).toMatchObject({ join: true, closes: true });
  });

  test.each([undefined, 3_500])('not while somebody may still cut its power (asker ended at %s)', (at) => {
    const fence = seen({}, { askerEndedAt: at });
    expect(join('boot-2', fence)).toMatchObject({ join: false, because: 'is-being-fenced' });
  });

  test('not while the device that was at work when a person confirmed it may still act', () => {
    const before = seen({});
    const said = { person: 'somebody', why: 'seen', at: 1 };
    const [write] = confirmByPerson(own, 'alpha', { record: ended, revision: 20 }, before, said).write;
    const record = write!.value as FenceRecord;
    expect(record).toMatchObject({ state: 'confirmed', person: 'somebody', bySession: 'g1', isAtWork: true });
    const during = join('boot-2', { ...before, record });
    expect(during).toMatchObject({ join: false, because: 'is-being-fenced' });
    const left = leaveFence({ ...own, id: 'g1' }, 'alpha', { record, revision: 31 }).write[0]!.value;
    expect(join('boot-2', { ...before, record: left as FenceRecord })).toMatchObject({ join: true });
  });

  test('when whoever was to fence it is gone, and its time is over', () => {
    expect(join('boot-2', seen({}, { askerEndedAt: 3_000 }))).toMatchObject({ join: true, closes: true });
  });
});
