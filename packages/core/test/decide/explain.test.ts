import { basisOf, decide, explain, type Failure, type Tag, type View } from '@holdfast/core';
import { configurationOf, hierarchy, states, viewOf } from '@holdfast/testkit';
import { describe, expect, test } from '@jest/globals';

const database = hierarchy`
  pg  needs disk ip
`;

describe('why a resource stands as it does', () => {
  test('in service: who asked, since when, what the last check found', () => {
    const view = viewOf({
      configuration: database,
      stateOf: states`
      pg ISP
      disk ISP
      ip ISP
    `,
      wanted: ['pg', 'disk', 'ip'],
    });
    const { state, because, would } = why(view, 'pg');
    expect(state).toBe('ISP');
    expect(because.map(({ says }) => says)).toEqual(['operator asked for it', 'in service: given']);
    expect(would).toEqual([]);
  });

  test('removed by an operator: who took it out, and the command that brings it back', () => {
    const { because, would } = why(
      viewOf({
        configuration: database,
        stateOf: states`
      pg OSU
      disk OSU
      ip OSU
    `,
        wanted: [],
      }),
      'pg',
    );
    expect(because[0]).toEqual({ says: 'operator took it out', at: 0 });
    expect(would[0]?.says).toContain('perform_action -t pg -a restore');
  });

  test('not restored because a child failed: down to the cause, and what to do about that', () => {
    const failure = {
      kind: 'restore',
      evidence: 'mount: no such device',
      todo: 'attach the disk',
      basis: 'same',
    } as const;
    const view = withBasis(
      viewOf({
        configuration: database,
        stateOf: states`
      pg OSU
      disk OSF
      ip ISP
    `,
        wanted: ['pg', 'disk', 'ip'],
        failures: { disk: failure },
      }),
    );
    const { because, would } = why(view, 'pg');
    expect(because.map(({ says }) => says)).toEqual([
      'operator asked for it',
      'it needs disk, which is OSF',
      'disk: restore failed: mount: no such device',
    ]);
    expect(would[0]?.says).toBe('attach the disk');
  });

  test('failed with its repairs spent: how many, and that a command tries once more', () => {
    const failure = { kind: 'interrupted', evidence: 'port 5432 refused', basis: 'same' } as const;
    const given = {
      configuration: database,
      stateOf: states`
      pg OSF
      disk ISP
      ip ISP
    `,
      wanted: ['pg', 'disk', 'ip'],
    };
    const view = withBasis(
      viewOf({ ...given, failures: { pg: failure }, repairs: { pg: [999_000, 999_100, 999_200] } }),
    );
    const { because, would } = why(view, 'pg');
    expect(because.at(-1)?.says).toContain('3 of 3 repairs');
    expect(would.at(-1)?.says).toContain('a new command tries once more');
  });

  test('paused: that nobody watches over it', () => {
    const view = viewOf({
      configuration: database,
      stateOf: states`
      pg ISU
      disk ISP
      ip ISP
    `,
      wanted: ['pg', 'disk', 'ip'],
    });
    expect(why(view, 'pg').because[0]?.says).toContain('paused');
  });

  test('a check that timed out: what it found, and how many in a row would be a failure', () => {
    const view = viewOf({
      configuration: database,
      stateOf: states`
      pg ISP
      disk ISP
      ip ISP
    `,
      wanted: ['pg', 'disk', 'ip'],
    });
    const record = view.states[view.node]!['pg' as Tag]!;
    const checked = {
      ...record,
      lastCheck: { finding: 'timeout' as const, evidence: 'took longer than 5000 ms', at: 7, tookMs: 5_000 },
    };
    const later = { ...view, states: { [view.node]: { ...view.states[view.node], ['pg' as Tag]: checked } } };
    const patient = configurationOf({
      resources: { pg: { needs: ['disk', 'ip'] }, disk: {}, ip: {} },
      policy: { quickCheck: { inARow: 3 } },
    });
    const says = why(later, 'pg', patient).because.map((one) => one.says);
    expect(says).toContain('its last check found it timeout: took longer than 5000 ms');
    expect(says.at(-1)).toBe('3 timeouts in a row are a failure');
  });
});

function why(view: View, tag: string, configuration = database) {
  return explain(configuration, view, decide(configuration, view), tag as Tag);
}

/** The failures as they are when nothing has changed since. */
function withBasis(view: View): View {
  const records = Object.entries(view.states[view.node]!).map(([tag, record]) => {
    const failure: Failure | undefined = record.failure && {
      ...record.failure,
      basis: basisOf(database, view, view.node, tag as Tag),
    };
    return [tag, failure === undefined ? record : { ...record, failure }];
  });
  return { ...view, states: { [view.node]: Object.fromEntries(records) } };
}
