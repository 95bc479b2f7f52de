import { type Configuration, type NodeName, planRestore, type StateOf, type Tag } from '@holdfast/core';
import { hierarchy, show, states, text } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const site = hierarchy`
  web   needs app
  app   needs db ip
  db    needs disk
  report needs db
  disk
  ip
`;

describe('restore', () => {
  test('brings up the tag, all below it, and all above it with everything those need', () => {
    expect(restore(site, 'db', states``)).toBe(text`
      restore disk: db needs it
      restore ip: app needs it
      restore db after disk: requested
      restore app after db, ip: rests on db
      restore report after db: rests on db
      restore web after app: rests on app
    `);
  });

  test('with -s leaves parents out, and says so', () => {
    expect(restore(site, 'db', states``, { parents: false })).toBe(text`
      restore disk: db needs it
      restore db after disk: requested
      not app: app needs db, and parents were left out
      not report: report needs db, and parents were left out
      not web: web needs db, and parents were left out
    `);
  });

  test('leaves alone what is in service already', () => {
    const running = states`
      disk ISP
      ip   ISP
    `;
    expect(restore(site, 'app', running)).toBe(text`
      restore db: app needs it
      restore app after db: requested
      restore web after app: rests on app
    `);
  });

  test('of a tag in service does nothing, and names the parents that are out', () => {
    const running = states`
      disk ISP
      db   ISP
    `;
    expect(restore(site, 'db', running)).toBe(text`
      not db: db is in service already
      not app: app is OSU, and db was in service already
      not report: report is OSU, and db was in service already
      not web: web is OSU, and db was in service already
    `);
  });

  test('counts a resource whose protection is paused as in service', () => {
    expect(restore(site, 'db', states`disk ISU`, { parents: false }).split('\n')[0]).toBe(
      'restore db: requested',
    );
  });

  test('restores a failed resource again without removing it first', () => {
    expect(restore(site, 'disk', states`disk OSF`, { parents: false }).split('\n')[0]).toBe(
      'restore disk: requested',
    );
  });

  test('brings up all of a list of which one is needed, and waits for all that come', () => {
    const mirror = hierarchy`
      mirror  needsAny left right
    `;
    expect(restore(mirror, 'mirror', states``)).toBe(text`
      restore left: mirror needs it
      restore right: mirror needs it
      restore mirror after left, right: requested
    `);
  });

  test('follows `after` only where both start', () => {
    const log = hierarchy`
      web  needs log
      log  after clock
      clock
    `;
    expect(restore(log, 'web', states``)).toBe(text`
      restore log: web needs it
      restore web after log: requested
    `);
  });

  test('follows `after` to another branch of the hierarchy', () => {
    const branches = hierarchy`
      web   needs left right
      right after left
    `;
    expect(restore(branches, 'web', states``)).toBe(text`
      restore left: web needs it
      restore right after left: web needs it
      restore web after left, right: requested
    `);
  });
});

function restore(
  configuration: Configuration,
  tag: string,
  stateOf: StateOf,
  { parents = true }: { parents?: boolean } = {},
): string {
  const node = 'alpha' as NodeName;
  return show(planRestore({ configuration, node, tag: tag as Tag, stateOf, parents, basedOn: 0 }));
}
