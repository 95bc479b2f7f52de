import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEvent } from '@holdfast/core';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openJournal } from '../src/program/sqliteJournal.ts';

const day = 86_400_000;
const today = 20_000 * day;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
});
afterEach(() => rm(folder, { recursive: true }));

function open(keep = { days: 90, megabytes: 256 }, session = 's1') {
  return openJournal({ file: join(folder, 'journal.db'), session, log: silent, keep });
}

function found(at: number, evidence = 'gone'): AgentEvent {
  return { kind: 'check-failed', sequence: 1, at, tag: 'ip', finding: 'failed', evidence };
}

test('events outside operations are kept, and told from a moment on in their order', () => {
  const journal = open();
  journal.record(found(today, 'one'));
  journal.record(found(today + 1, 'two'));
  journal.record(found(today + 2, 'three'));
  const said = journal.events(today + 1, 10).map((event) => event.kind === 'check-failed' && event.evidence);
  expect(said).toEqual(['two', 'three']);
  expect(journal.events(today, 1)).toHaveLength(1);
  journal.close();
});

test('what an agent left running when it died is interrupted for the next', () => {
  const first = open();
  first.begin({ id: 'o1', cause: 'a test', at: today, plan: { steps: [] }, view: { states: {} } });
  first.close();
  const second = open(undefined, 's2');
  expect(second.find('o1')?.result).toBe('interrupted');
  second.close();
});

test('what is older than it is to be kept is forgotten', () => {
  const journal = open();
  journal.record(found(today - 100 * day));
  journal.begin({
    id: 'old',
    cause: 'a test',
    at: today - 100 * day,
    plan: { steps: [] },
    view: { states: {} },
  });
  journal.end('old', 'done', today - 100 * day);
  for (let count = 0; count < 250; count += 1) journal.record(found(today));
  expect(journal.find('old')).toBeUndefined();
  expect(journal.events(0, 1_000)[0]?.at).toBe(today);
  journal.close();
});

test('one event of a clock that jumped ahead takes nothing with it', () => {
  const journal = open();
  for (let count = 0; count < 100; count += 1) journal.record(found(today));
  journal.record(found(today + 10_000 * day));
  for (let count = 0; count < 150; count += 1) journal.record(found(today));
  expect(journal.events(0, 1_000)).toHaveLength(251);
  journal.close();
});

test('what grew too large loses its oldest part, and never what runs', () => {
  const journal = open({ days: 90, megabytes: 8 });
  journal.begin({ id: 'running', cause: 'a test', at: today, plan: { steps: [] }, view: { states: {} } });
  const long = 'x'.repeat(50_000);
  for (let count = 0; count < 600; count += 1) journal.record(found(today + count, long));
  const kept = journal.events(0, 10_000);
  expect(kept.length).toBeLessThan(400);
  expect(kept.at(-1)?.at).toBe(today + 599);
  expect(journal.find('running')?.result).toBe('running');
  journal.close();
});
