import { kitConformance } from '@holdfast/kit/conformance';
import { type Lab, type LabNode, openLab } from '@holdfast/lab';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

let lab: Lab;
let node: LabNode;

beforeAll(async () => {
  lab = await openLab();
  node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
}, 30_000);
afterAll(() => lab?.close());

kitConformance({
  kit: 'ocf',
  host: () => node,
  world: () => ({
    settings: {
      agent: 'IPaddr2',
      parameters: { ip: '10.77.0.60', cidr_netmask: 24, nic: 'eth0', arp_count: 1 },
    },
    serves: ['ip', 'route', 'get', '10.77.0.1', 'from', '10.77.0.60'],
    same: ['ip', '-json', '-4', 'addr', 'show', 'dev', 'eth0'],
    breakIt: ['ip', 'addr', 'del', '10.77.0.60/24', 'dev', 'eth0'],
    bystanders: [{ name: 'its own address', probe: ['ip', '-4', 'addr', 'show', 'to', '10.77.0.2'] }],
    wrongSettings: [{ agent: '' }],
  }),
  framework: { describe, beforeAll, test, expect },
});
