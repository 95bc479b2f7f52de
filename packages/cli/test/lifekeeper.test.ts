import { type Lab, type LabAgent, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

/*
 * LifeKeeper's database commands against an agent of one node. They share the agent; each test begins with the same
 * document, and with everything out of service.
 */

let lab: Lab;
let node: LabNode;
let agent: LabAgent;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  agent = await startAgent(node);
}, 30_000);

afterAll(() => lab?.close());

const address = (last: number) => ({
  type: 'ip',
  settings: { address: `10.77.0.${last}/24`, device: 'eth0' },
});
const usual = {
  nodes: ['alpha', 'beta'],
  resources: {
    mail: { ...address(50), needs: ['disk', 'net'] },
    web: { ...address(51), needs: ['net'] },
    disk: address(52),
    net: address(53),
    lone: address(54),
  },
};

beforeEach(async () => {
  await node.writeFile('/root/usual.json', JSON.stringify(usual));
  expect(await call('holdfast', 'apply', '/root/usual.json')).toMatchObject({ exitCode: 0 });
});

const call = (...line: [string, ...string[]]) => node.run(line, { budgetMs: 20_000 });

async function lines(...line: [string, ...string[]]): Promise<string[]> {
  const { stdout, stderr, exitCode } = await call(...line);
  expect({ line, stderr, exitCode }).toEqual({ line, stderr: '', exitCode: 0 });
  return stdout.split('\n').slice(0, -1);
}

async function document() {
  const { stdout } = await call('holdfast', 'export', '--json');
  return JSON.parse(stdout).document as typeof usual & { hierarchies?: Record<string, unknown> };
}

describe('instances', () => {
  test('are listed with their fields in the order that scripts count', async () => {
    const [line, ...more] = await lines('ins_list', '-t', 'mail');
    expect(more).toEqual([]);
    expect(line?.split('\u0001')).toEqual([
      'alpha',
      'comm',
      'ip',
      'mail',
      'IP-10.77.0.50',
      'alpha eth0 10.77.0.50 ffffff00 none',
      'OSU',
      expect.any(String),
      'AUTORES_ISP',
      'INTELLIGENT',
      '1',
    ]);
  });
});
