import { readDocument } from '@holdfast/core';
import { describe, expect, test } from '@jest/globals';

const ipmi = { agent: 'fence_ipmilan', parameters: { ip: '10.0.0.12', lanplus: true } };
const pdu = { agent: '/usr/sbin/fence_apc_snmp', parameters: { ip: 'pdu-1' }, timeout: '10s', attempts: 1 };
const read = (fencing: object) => readDocument({ nodes: ['alpha', 'beta'], fencing }, []);

/** `CODE path`, one for each problem. */
function problemsOf(fencing: object): string[] {
  const answer = read(fencing);
  return answer.ok ? [] : answer.problems.map(({ code, path }) => `${code} ${path}`);
}

describe('how nodes are fenced', () => {
  test('each use of a device has every question answered', () => {
    const answer = read({
      devices: { 'ipmi-beta': ipmi, pdu },
      nodes: { beta: { levels: [['ipmi-beta'], [{ device: 'pdu', parameters: { plug: 3 } }]] } },
    });
    expect(answer.ok && [...answer.value.fencing!.nodes]).toEqual([
      [
        'beta',
        {
          action: 'off',
          levels: [
            [
              {
                name: 'ipmi-beta',
                agent: 'fence_ipmilan',
                parameters: { ip: '10.0.0.12', lanplus: '1' },
                timeout: 30_000,
                attempts: 2,
              },
            ],
            [
              {
                name: 'pdu',
                agent: '/usr/sbin/fence_apc_snmp',
                parameters: { ip: 'pdu-1', plug: '3' },
                timeout: 10_000,
                attempts: 1,
              },
            ],
          ],
        },
      ],
    ]);
  });

  test('a document without it has none', () => {
    const answer = readDocument({ nodes: ['alpha'] }, []);
    expect(answer.ok && 'fencing' in answer.value).toBe(false);
  });

  test.each([
    [{ devices: { ipmi }, nodes: { gamma: { levels: [['ipmi']] } } }, ['UNKNOWN_NODE fencing.nodes.gamma']],
    [
      { devices: { ipmi }, nodes: { alpha: { levels: [['ipni']] } } },
      ['BAD_FENCING fencing.nodes.alpha.levels.0.0'],
    ],
    [
      {
        devices: { ipmi, pdu },
        nodes: {
          alpha: {
            levels: [
              ['ipmi', 'pdu'],
              ['pdu', 'ipmi'],
            ],
          },
        },
      },
      ['BAD_FENCING fencing.nodes.alpha.levels.1'],
    ],
    [
      { devices: { ipmi }, nodes: { alpha: { levels: [['ipmi', 'ipmi']] } } },
      ['BAD_FENCING fencing.nodes.alpha.levels.0'],
    ],
    [
      { devices: { ipmi: { ...ipmi, parameters: { passwd: 'geheim' } } } },
      ['BAD_FENCING fencing.devices.ipmi.parameters.passwd'],
    ],
    [
      { devices: { ipmi: { ...ipmi, parameters: { action: 'on' } } } },
      ['BAD_FENCING fencing.devices.ipmi.parameters.action'],
    ],
    [
      { devices: { ipmi: { ...ipmi, parameters: { ip: 'a\naction=on' } } } },
      ['DOCUMENT_SHAPE fencing.devices.ipmi.parameters.ip'],
    ],
    [{ devices: { ipmi: { agent: 'rm' } } }, ['DOCUMENT_SHAPE fencing.devices.ipmi.agent']],
    [{ retry: { after: '10m' } }, ['BAD_FENCING fencing.retry.atMost']],
    [{ nodes: { alpha: { levels: [] } } }, ['DOCUMENT_SHAPE fencing.nodes.alpha.levels']],
  ])('%j is refused', (fencing, problems) => {
    expect(problemsOf(fencing)).toEqual(problems);
  });

  test('every problem is told at once, also what is unknown beside what is written wrongly', () => {
    const problems = problemsOf({
      devices: { ipmi: { ...ipmi, parameters: { password: 'geheim' } } },
      nodes: { gamma: { levels: [['none']] } },
    });
    expect(problems).toHaveLength(3);
  });

  test('a secret may stand in a file, and no problem repeats one that does not', () => {
    const file = { file: '/etc/holdfast/ipmi.password' };
    expect(problemsOf({ devices: { ipmi: { ...ipmi, parameters: { password: file } } } })).toEqual([]);
    const told = read({ devices: { ipmi: { ...ipmi, parameters: { password: 'geheim' } } } });
    expect(JSON.stringify(told)).not.toContain('geheim');
  });
});
