import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NodeName, type Resource, readDocument, type Tag } from '@holdfast/core';
import { checkResource, performStep } from '@holdfast/engine';
import { readProcess, waitUntil } from '@holdfast/kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeathLimits } from '../src/program/kits/deathLimit.ts';
import type { KitTable } from '../src/program/kits/kitTable.ts';
import { openKits } from '../src/program/kits/openKits.ts';
import { systemClock } from '../src/program/systemClock.ts';

/* Kits in threads of their own, as the engine calls them: real threads, real programs, and every fault planted. */

const folder = fileURLToPath(new URL('kits', import.meta.url));
const manyDeaths: DeathLimits = { deathsMax: 100, periodMs: 60_000, pauseMs: 60_000, pauseMaxMs: 60_000 };
const never = new AbortController().signal;

type Line = { level: string; says: string } & Record<string, unknown>;
let lines: Line[];
let opened: KitTable[] = [];

beforeEach(() => {
  lines = [];
  opened = [];
});
afterEach(() => Promise.all(opened.map((kits) => kits.close())));

const write = (level: string) => (fields: object, says: string) => lines.push({ level, says, ...fields });
const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };

async function open(
  named: readonly string[],
  more: { from?: string; deathLimits?: DeathLimits; loadWithinMs?: number } = {},
): Promise<KitTable> {
  const kits = await openKits({
    named: named.map((kit) => ({ kit, trusted: false })),
    from: folder,
    node: 'alpha' as NodeName,
    log,
    deathLimits: manyDeaths,
    graceMs: 200,
    ...more,
  });
  opened.push(kits);
  return kits;
}

function documentOf(settings: object, type = 'faulty'): object {
  return { nodes: ['alpha'], resources: { one: { type, settings: { name: 'one', ...settings } } } };
}

async function resourceOf(kits: KitTable, document: object, kept?: object): Promise<Resource> {
  const read = readDocument(document, await kits.typesFor(document, kept));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value.resources.get('one' as Tag)!;
}

async function check(kits: KitTable, resource: Resource, budgetMs = 5_000) {
  const settings = resource.settings['alpha' as NodeName]!;
  const call = { resource, action: 'quickCheck' as const, settings, epoch: 0, args: [], budgetMs };
  const { tookMs: _, ...result } = await checkResource({ clock: systemClock, kits }, call, never);
  return result;
}

async function restore(kits: KitTable, resource: Resource, budgetMs = 5_000) {
  const step = {
    resource,
    action: 'restore' as const,
    settings: resource.settings['alpha' as NodeName]!,
    epoch: 1,
    args: [],
    budgetMs,
    checkBudgetMs: 5_000,
    whyNotAgain: () => undefined,
  };
  return performStep({ clock: systemClock, kits }, step, never);
}

/** Checks a resource whose quickCheck has this fault. */
async function checkWith(kits: KitTable, fault: string, budgetMs?: number) {
  return check(kits, await resourceOf(kits, documentOf({ fault })), budgetMs);
}

describe('a kit in a thread of its own', () => {
  // Through all the faults it is one kit: each time it is there again for the next.
  let kits: KitTable;
  beforeAll(async () => {
    kits = await open(['./faulty']);
    opened = [];
  });
  afterAll(() => kits?.close());

  test('is asked about settings, identity and events, restores, checks and removes', async () => {
    const resource = await resourceOf(kits, documentOf({}));
    expect(resource).toMatchObject({ identity: 'one', settings: { alpha: { name: 'one', fault: 'none' } } });
    expect(kits.watchesOf(resource, 'alpha' as NodeName)).toEqual([{ kind: 'mount', mountPoint: '/one' }]);
    expect(kits.budgetsOf(resource.type).restore).toBe(300);
    expect(await check(kits, resource)).toMatchObject({ finding: 'out-of-service', evidence: 'memory: 0' });
    expect(await restore(kits, resource)).toMatchObject({ result: 'done' });
    expect(await check(kits, resource)).toMatchObject({ finding: 'in-service', evidence: 'memory: 1' });
    expect(kits.reports()).toMatchObject([{ name: './faulty', thread: 'own', state: 'loaded' }]);
  });

  test('refuses settings in its own words', async () => {
    const document = documentOf({ name: 7, more: true });
    const read = readDocument(document, await kits.typesFor(document, undefined));
    expect(read).toMatchObject({
      problems: [
        {
          code: 'BAD_SETTING',
          path: 'resources.one.settings.name',
          why: expect.stringContaining('expected string'),
        },
        { code: 'BAD_SETTING', path: 'resources.one.settings.more' },
      ],
    });
  });

  // What it does, what the check of it finds then, and whether its thread had to be ended.
  test.each([
    ['spins', 'timeout', /took longer than 200 ms.*did not stop when it was told to/, true],
    ['neverAnswers', 'timeout', /did not stop when it was told to/, true],
    ['throwsAtOnce', 'unknown', /threw Error: thrown at once/, false],
    ['rejectsWithText', 'unknown', /threw not an error: just text/, false],
    ['rejectsLater', 'unknown', /nobody waits for this/, true],
    ['ends', 'unknown', /ended its process, with code 3/, true],
    ['answersGarbage', 'unknown', /wrong form/, false],
    ['answersFunction', 'unknown', /could not be cloned/, false],
    ['answersBook', 'unknown', /has 3\d{5} characters/, false],
  ] as const)('that %s is named, and what it says is %s', async (fault, finding, evidence, isEnded) => {
    const found = await checkWith(kits, fault, finding === 'timeout' ? 200 : undefined);
    expect(found).toMatchObject({ finding, evidence: expect.stringMatching(evidence) });
    expect(found.evidence).toContain('this is a fault in the kit ./faulty');
    expect(lines.filter(({ event }) => event === 'kit-fault')).toHaveLength(isEnded ? 1 : 0);
    expect(await checkWith(kits, 'none')).toMatchObject({ finding: 'out-of-service' });
  });

  test.each([
    ['fillsHeap', /more than 128 MB of memory$/],
    ['fillsBuffers', /more than 256 MB of memory in buffers/],
  ])(
    'that %s without end is ended, and the agent keeps its memory',
    async (fault, why) => {
      expect(await checkWith(kits, fault, 20_000)).toMatchObject({ finding: 'unknown' });
      expect(lines).toEqual([
        expect.objectContaining({ event: 'kit-fault', why: expect.stringMatching(why) }),
      ]);
    },
    40_000,
  );

  test('that logs or prints without end gets a bounded number of lines into the log', async () => {
    expect(await checkWith(kits, 'logsWithoutEnd', 20_000)).toMatchObject({ finding: 'out-of-service' });
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toMatchObject({ event: 'log-dropped', kit: './faulty' });
    lines = [];
    await checkWith(kits, 'printsWithoutEnd', 20_000);
    await checkWith(kits, 'none');
    const printed = lines.filter(({ event }) => event === 'kit-output');
    expect(printed.length).toBeLessThanOrEqual(21);
    expect(Math.max(...printed.map(({ says }) => says.length))).toBeLessThan(2_200);
  });

  test('that answers a page of evidence has it cut', async () => {
    const { evidence } = await checkWith(kits, 'answersPage');
    expect(evidence.length).toBeLessThan(4_100);
  });

  test('whose restore hangs fails that restore, and forgets what it remembered', async () => {
    await restore(kits, await resourceOf(kits, documentOf({})));
    const hanging = await resourceOf(kits, documentOf({ name: 'one', restoreFault: 'spins' }));
    expect(await restore(kits, hanging, 200)).toMatchObject({
      result: 'failed',
      evidence: expect.stringContaining('restore was not over within 200 ms'),
      todo: expect.stringContaining('this is a fault in the kit ./faulty'),
      finding: 'out-of-service',
    });
    expect(await checkWith(kits, 'none')).toMatchObject({ evidence: 'memory: 0' });
  });

  test('that hangs over programs of its own leaves none of them running', async () => {
    expect(await checkWith(kits, 'spinsOverChildren', 2_000)).toMatchObject({ finding: 'timeout' });
    const children = lines
      .find(({ event }) => event === 'children')!
      .says.split(' ')
      .map(Number);
    expect(children).toHaveLength(2);
    const areGone = async () =>
      (await Promise.all(children.map(readProcess))).every((one) => one === undefined);
    expect(await waitUntil(async () => (await areGone()) || undefined, { withinMs: 5_000 })).toBe(true);
  });

  test('that leaves a child behind, which holds the output open, gets its answer all the same', async () => {
    expect(await checkWith(kits, 'leavesChild')).toMatchObject({ finding: 'out-of-service' });
    const [child] = lines.filter(({ event }) => event === 'children').map(({ says }) => Number(says));
    expect(await readProcess(child!)).toMatchObject({ name: 'sleep' });
    // It outlives the program that started it, as a server would; this test cleans up after it.
    process.kill(child!, 'SIGKILL');
    expect(lines.filter(({ event }) => event === 'kit-fault')).toEqual([]);
  });

  test('that starts program after program is stopped at a bound', async () => {
    const { evidence } = await checkWith(kits, 'forksWithoutEnd', 25_000);
    expect(evidence).toMatch(/^44 refused: .*too many programs of this kit/);
  }, 40_000);

  test('that floods the output of a program costs the check its budget, and nothing else', async () => {
    expect(await checkWith(kits, 'floodsFromChild', 300)).toMatchObject({ finding: 'timeout' });
    expect(lines).toEqual([]);
    expect(await checkWith(kits, 'none')).toMatchObject({ finding: 'out-of-service' });
  });

  test('that dies again and again is left alone with the reason, and its checks find nothing out', async () => {
    const deathLimits = { deathsMax: 2, periodMs: 60_000, pauseMs: 60_000, pauseMaxMs: 60_000 };
    const mortal = await open(['./faulty'], { deathLimits });
    const resource = await resourceOf(mortal, documentOf({ fault: 'ends' }));
    await check(mortal, resource);
    await check(mortal, resource);
    const broken = expect.stringContaining(
      'its thread died 2 times within 1m, the last time because it ended',
    );
    expect(await check(mortal, resource)).toMatchObject({
      finding: 'unknown',
      conditions: [{ code: 'KIT_BROKEN', says: broken }],
    });
    expect(await restore(mortal, resource)).toMatchObject({ result: 'failed', finding: 'unknown' });
    expect(mortal.reports()).toMatchObject([{ state: 'broken', says: broken }]);
  });
});

describe('a kit that cannot be loaded', () => {
  test.each([
    ['./none', 'KIT_NOT_FOUND', /is not there/],
    ['./hangsInLoad', 'KIT_HANGS', /took longer than 4000 ms to load/],
    ['./endsInLoad', 'KIT_BROKEN', /ended its process, with code 0/],
  ])(
    '(%s) is refused with what, why and what to do, and keeps no other from being loaded',
    async (name, code, why) => {
      const kits = await open([name, './faulty'], { loadWithinMs: 4_000 });
      expect(lines).toContainEqual(
        expect.objectContaining({
          event: 'kit-refused',
          code,
          why: expect.stringMatching(why),
          todo: expect.any(String),
        }),
      );
      expect(kits.reports().map(({ state }) => state)).toEqual(['refused', 'loaded']);
      expect(await checkWith(kits, 'none')).toMatchObject({ finding: 'out-of-service' });
    },
  );

  test('is refused for a type that another serves', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'holdfast-kits-'));
    try {
      for (const name of ['first', 'second'])
        cpSync(join(folder, 'faulty'), join(elsewhere, name), { recursive: true });
      const kits = await open(['./first', './second'], { from: elsewhere });
      expect(kits.reports()).toMatchObject([
        { name: './first', state: 'loaded' },
        {
          name: './second',
          type: 'faulty',
          state: 'refused',
          says: expect.stringContaining('./first serves faulty already'),
        },
      ]);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  test('is refused where others may write its code', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'holdfast-kits-'));
    try {
      cpSync(join(folder, 'faulty'), join(elsewhere, 'open'), { recursive: true });
      chmodSync(join(elsewhere, 'open'), 0o777);
      expect((await open(['./open'], { from: elsewhere })).reports()).toMatchObject([{ state: 'refused' }]);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});

describe('a document whose kit is missing', () => {
  test('still reads when it is the one in force: the checks say why nothing is known', async () => {
    const kits = await open(['./none']);
    const document = documentOf({});
    const resource = await resourceOf(kits, document, document);
    expect(await check(kits, resource)).toMatchObject({
      finding: 'unknown',
      conditions: [{ code: 'KIT_MISSING', says: expect.stringContaining('./none was refused') }],
    });
    expect(await restore(kits, resource)).toMatchObject({ result: 'failed', todo: expect.any(String) });
  });

  test('is refused where it says something new, and where nothing of it is in force', async () => {
    const kits = await open([]);
    const changed = documentOf({ fault: 'other' });
    const read = async (document: object, kept: unknown) =>
      readDocument(document, await kits.typesFor(document, kept));
    expect(await read(changed, documentOf({}))).toMatchObject({
      problems: [{ code: 'BAD_SETTING', why: expect.stringContaining('no kit serves the type faulty') }],
    });
    expect(await read(changed, undefined)).toMatchObject({ problems: [{ code: 'UNKNOWN_TYPE' }] });
  });
});
