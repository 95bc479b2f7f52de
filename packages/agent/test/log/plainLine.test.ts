import { describe, expect, test } from '@jest/globals';
import { plainLine } from '../../src/program/log/plainLine.ts';

const base = { time: '2026-01-15T12:00:00.000Z', node: 'alpha' };

describe('a line in the order of LifeKeeper', () => {
  test.each([
    [
      {
        level: 30,
        event: 'step-begun',
        tag: 'pg',
        action: 'restore',
        operation: 's-1',
        msg: 'restore of pg begins',
      },
      'INFO:engine:restore:pg:restore of pg begins (operation=s-1)',
    ],
    [
      {
        level: 30,
        event: 'state-changed',
        tag: 'pg',
        from: 'ISP',
        to: 'OSF',
        msg: 'pg is OSF: port 5432 refused',
      },
      'NOTIFY:state:state-changed:pg:pg is OSF: port 5432 refused (from=ISP)',
    ],
    [
      {
        level: 40,
        event: 'check-failed',
        tag: 'pg',
        finding: 'failed',
        tookMs: 3,
        msg: 'quickCheck of pg: failed',
      },
      'WARN:check:check-failed:pg:quickCheck of pg: failed (tookMs=3)',
    ],
    [
      { level: 50, event: 'fault', msg: 'the agent cannot go on' },
      'ERROR:agent:fault::the agent cannot go on',
    ],
    [{ level: 20, tag: 'ip', action: 'restore', msg: 'arping' }, 'DEBUG:kit:restore:ip:arping'],
    [{ level: 30, event: 'ready', msg: 'ready' }, 'INFO:agent:ready::ready'],
  ])('%#', (record, line) => {
    expect(plainLine({ ...base, ...record })).toBe(line);
  });

  test('is one line, whatever a program said', () => {
    const evil = { ...base, level: 30, msg: 'a\nEMERG:lcd:::all is lost', evidence: 'b\r\u001b[2Jc' };
    expect(plainLine(evil)).not.toMatch(/\p{Cc}/u);
  });
});
